import type { Maker } from './answer-pairs.ts'

/** Roots, constants, functions, polynomials, powers. */
export const formulaPairs: Readonly<Record<string, Maker>> = {
  roots(draw) {
    const [k, n] = [draw(2, 9), [2, 3, 5, 6, 7, 10, 11, 13][draw(0, 7)] ?? 2]
    return {
      equal: [
        [`\\sqrt{${k * k * n}}`, `${k}\\sqrt{${n}}`],
        [`\\frac{1}{\\sqrt{${n}}}`, `\\frac{\\sqrt{${n}}}{${n}}`],
        [`\\frac{\\sqrt{${n}}}{${k}}`, `\\frac{1}{${k}}\\sqrt{${n}}`],
        [`${k}\\sqrt{${n}}`, `${k}√${n}`],
        [`${k}+\\sqrt{${n}}`, `\\sqrt{${n}}+${k}`],
        [`${k}\\pm\\sqrt{${n}}`, `${k}-\\sqrt{${n}},\\ ${k}+\\sqrt{${n}}`],
        [`\\sqrt{\\frac{1}{x}}`, '\\frac{1}{\\sqrt{x}}'],
        [`\\sqrt[3]{${n}}`, `${n}^{1/3}`],
        [`\\frac{1}{\\sqrt{${n}}+1}`, `\\frac{\\sqrt{${n}}-1}{${n - 1}}`],
      ],
      different: [
        [`\\sqrt{${n}}`, `${n}`],
        [`${k}\\sqrt{${n}}`, `${k}`],
        [`${k}+\\sqrt{${n}}`, `${k}-\\sqrt{${n}}`],
        [`\\sqrt{${n}}`, `\\sqrt[3]{${n}}`],
        [`\\pm ${k}`, `${k}`],
        [`${k}\\pm\\sqrt{${n}}`, `${k}+\\sqrt{${n}}`],
        [`\\sqrt{${n}}`, `-\\sqrt{${n}}`],
        [`\\sqrt{${k * k * n}}`, `${k + 1}\\sqrt{${n}}`],
      ],
    }
  },
  'constants and functions'(draw) {
    const [a, b] = [draw(2, 9), draw(2, 9)]
    return {
      equal: [
        [`${a}\\pi`, `\\pi\\cdot ${a}`],
        [`\\frac{${a}\\pi}{${b}}`, `\\frac{${a}}{${b}}\\pi`],
        [`${a}\\pi`, `${a}π`],
        [`${a}e`, `${a}\\mathrm{e}`],
        [`\\ln ${a}`, `\\ln(${a})`],
        [`\\sin 30^\\circ`, '\\frac{1}{2}'],
        [`${a}\\sin\\theta`, `\\sin(\\theta)\\cdot ${a}`],
        ['\\tan^2 x+1', '\\sec^2 x'],
        [`\\log_2 ${2 ** a}`, `${a}`],
        [`${a}\\cdot 2^{${b}}`, `${a * 2 ** b}`],
      ],
      different: [
        [`${a}\\pi`, `${a}`],
        [`${a}\\pi`, `${a + 1}\\pi`],
        [`${a}\\pi`, `${a}e`],
        [`\\ln ${a}`, `\\ln ${a + 1}`],
        [`\\sin ${a}`, `\\sin ${a}^\\circ`],
        [`\\sin x`, `\\cos x`],
        [`e^{${a}}`, `e^{${a + 1}}`],
        ['\\pi', '\\frac{22}{7}'],
      ],
    }
  },
  complex(draw) {
    const [a, b] = [draw(1, 20), draw(2, 20)]
    return {
      equal: [
        [`${a}+${b}i`, `${b}i+${a}`],
        [`\\sqrt{-${b * b}}`, `${b}i`],
        [`(1+i)^2+${a}`, `${a}+2i`],
        [`\\frac{${a}}{i}`, `-${a}i`],
      ],
      different: [
        [`${a}+${b}i`, `${a}-${b}i`],
        [`${a}+${b}i`, `${a + b}`],
        [`${a}+${b}i`, `${a}`],
        [`${b}i`, `${b}`],
      ],
    }
  },
  polynomials(draw) {
    const [a, b] = [draw(1, 9), draw(2, 9)]
    return {
      equal: [
        [`(x+${a})(x-${b})`, `x^2${a - b < 0 ? '' : '+'}${a - b}x-${a * b}`],
        [`${a}x^2+${b}`, `${b}+${a} x^{2}`],
        [`\\frac{x+${a}}{${b}}`, `\\frac{x}{${b}}+\\frac{${a}}{${b}}`],
        [`\\frac{x^2-${a * a}}{x-${a}}`, `x+${a}`],
        [`(${a}x-${b})`, `${a}x-${b}`],
      ],
      different: [
        [`x^2+${a}`, `x^2-${a}`],
        [`${b}x^2`, `${b}x^3`],
        [`x+${a}`, 'x'],
        [`(x+${a})^2`, `x^2+${a * a}`],
        [`x+2n+${a}`, `x+${a}`],
        [`-${b}x+3`, `${b}x+3`],
      ],
    }
  },
  'big powers'(draw) {
    const [n, k] = [draw(60, 2_500), draw(3, 12)]
    return {
      equal: [
        [`2^{${n}}`, `4\\cdot 2^{${n - 2}}`],
        [`2^{-${n}}`, `\\frac{1}{2^{${n}}}`],
        [`${k}!`, `${k}\\cdot ${k - 1}!`],
        [`\\binom{${n}}{2}`, `\\frac{${n}\\cdot ${n - 1}}{2}`],
        [`1.5\\times 10^{${k}}`, `15${'0'.repeat(k - 1)}`],
      ],
      different: [
        [`2^{-${n}}`, `2^{-${n + 1}}`],
        [`2^{${n}}`, `2^{${n}}+1`],
        [`\\frac{1}{${n}!}`, `\\frac{1}{${n + 2}!}`],
        [`10^{${n}}`, `10^{${n + 1}}`],
        [`\\binom{${n}}{2}`, `\\binom{${n}}{3}`],
      ],
    }
  },
}
