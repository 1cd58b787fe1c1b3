import type { Draw, Maker } from './answer-pairs.ts'

/** Numbers, plain or with something beside them. */
export const numberPairs: Readonly<Record<string, Maker>> = {
  integers(draw) {
    const n = draw(2, 99_999)
    return {
      equal: [
        [`${n}`, `0${n}`],
        [`${n}`, `${n}.0`],
        [`-${n}`, `- ${n}`],
        [`${n}`, `\\text{${n}}`],
        [`${n}`, `$${n}$.`],
        [`\\left(${n}\\right)`, `+${n}`],
        [`${n}`, `\\frac{${n * 3}}{3}`],
        [`${n + 7}`, `${n}+7`],
      ],
      different: [
        [`${n}`, `-${n}`],
        [`${n}`, `${n + draw(1, 9)}`],
        [`${n}`, `${n}0`],
        [`${n}`, `${n}.0001`],
        [`${n}`, `${n}!`],
        [`${n}`, `${n}i`],
        [`${n}`, `${n}\\sqrt{2}`],
        [`${n}`, `\\frac{1}{${n}}`],
      ],
    }
  },
  thousands(draw) {
    const n = draw(1_000, 9_999_999)
    return {
      equal: [
        [`${n}`, grouped(n, ',')],
        [grouped(n, ',\\!'), `${n}`],
        [`${n}`, grouped(n, '{,}')],
        [`${n}`, grouped(n, '\\,')],
        [`${n}`, grouped(n, ' ')],
        [`${n}`, grouped(n, '\u202f')],
        [`${n}.25`, `${grouped(n, ',')}.25`],
      ],
      different: [
        [`${n}`, grouped(n + 1, ',')],
        [`${n}`, `${n}`.replace(/(\d{3})$/, '.$1')],
        [grouped(n, ','), `${n * 10}`],
      ],
    }
  },
  rationals(draw) {
    const [a, b] = fraction(draw)
    const k = draw(2, 9)
    return {
      equal: [
        [`\\frac{${a}}{${b}}`, `\\dfrac{${a * k}}{${b * k}}`],
        [`\\frac{${a}}{${b}}`, `${a}/${b}`],
        [`-\\frac{${a}}{${b}}`, `\\frac{-${a}}{${b}}`],
        [`-\\frac{${a}}{${b}}`, `\\tfrac{${a}}{-${b}}`],
        [`\\frac{${a}}{${b}}`, `\\frac{${a}}{${b}} = \\frac{${a * k}}{${b * k}}`],
      ],
      different: [
        [`\\frac{${a}}{${b}}`, `\\frac{${a + 1}}{${b}}`],
        [`\\frac{${a}}{${b}}`, `-\\frac{${a}}{${b}}`],
        [`\\frac{${a}}{${b}}`, `\\frac{${a}}{${b}}x`],
        [`\\frac{${a}}{${b * 100}}`, `\\frac{${a}}{${b}}`],
      ],
    }
  },
  decimals(draw) {
    const n = draw(1, 99_999)
    const text = `${Math.floor(n / 1_000)}.${String(n % 1_000).padStart(3, '0')}`
    return {
      equal: [
        [text, `\\frac{${n}}{1000}`],
        [text, `${text}00`],
        [`\\frac{${n * 2}}{2000}`, text],
        [text.replace(/^0/, ''), text],
      ],
      different: [
        [text, `${text}1`],
        [`\\frac{${n}}{1000}`, `\\frac{${n}}{1001}`],
        [text, `\\frac{${n}}{100}`],
        [`0.000000${n}`, `0.000000${n + 1}`],
      ],
    }
  },
  repeating(draw) {
    const digit = draw(1, 8)
    return {
      equal: [
        [`0.\\overline{${digit}}`, `\\frac{${digit}}{9}`],
        [`\\frac{${digit}}{90}`, `0.0\\overline{${digit}}`],
      ],
      different: [
        [`0.\\overline{${digit}}`, `0.${digit}`],
        [`0.\\overline{${digit}}`, `0.\\overline{${digit + 1}}`],
        [`0.\\overline{${digit}}`, `0.0\\overline{${digit}}`],
      ],
    }
  },
  'mixed numbers'(draw) {
    const [below, whole] = [draw(3, 9), draw(1, 30)]
    const above = draw(1, below - 1)
    const improper = `\\frac{${whole * below + above}}{${below}}`
    const mixed = `${whole}\\frac{${above}}{${below}}`
    return {
      equal: [
        [improper, mixed],
        [mixed, `${whole} \\dfrac{${above}}{${below}}`],
        [mixed, improper],
      ],
      different: [
        [mixed, `\\frac{${whole * above}}{${below}}`],
        [mixed, `${whole + 1}\\frac{${above}}{${below}}`],
        [mixed, `${whole}`],
      ],
    }
  },
  percent(draw) {
    const n = draw(2, 98)
    return {
      equal: [
        [`${n}\\%`, `${n} percent`],
        [`${n}\\%`, `\\frac{${n}}{100}`],
        [`${n}`, `${n}\\%`],
        [`${n}\\%`, `${n}`],
      ],
      different: [
        [`${n}\\%`, `${n + 1}\\%`],
        [`0.${String(n).padStart(2, '0')}`, `${n}`],
        [`${n}`, `0.${String(n).padStart(2, '0')}`],
        [`0.${String(n).padStart(2, '0')}`, `0.${String(n).padStart(2, '0')}\\%`],
      ],
    }
  },
  money(draw) {
    const n = draw(2, 9_999)
    return {
      equal: [
        [`${n}`, `\\$${n}`],
        [`\\$${n}.00`, `${n}`],
        [`\\$${n}`, `$${n}`],
        [`\\$${n}`, `${n}\\text{ dollars}`],
        [`\\$${n}`, `${n * 100}\\text{ cents}`],
      ],
      different: [
        [`\\$${n}`, `\\$${n + 1}`],
        [`\\$${n}`, `${n}\\text{ cents}`],
        [`\\$${n}`, `\\$${n}.50`],
      ],
    }
  },
  units(draw) {
    const n = draw(2, 500)
    return {
      equal: [
        [`${n}`, `${n}\\text{ cm}`],
        [`${n}\\text{ cm}`, `${n}\\,\\text{centimeters}`],
        [`${n}`, `${n}\\text{ apples}`],
        [`${n}`, `${n} marbles`],
        [`${n}`, `${n} \\mathrm{~km}`],
        [`${n}^\\circ`, `${n}`],
        [`${n}^{\\circ}`, `${n}°`],
        [`${n}\\text{ square feet}`, `${n}\\text{ ft}^2`],
        [`${n}\\text{ minutes}`, `${n * 60}\\text{ seconds}`],
        [`${n}\\pi`, `${n}\\pi\\text{ cm}^2`],
      ],
      different: [
        [`${n}\\text{ cm}`, `${n}\\text{ km}`],
        [`${n}\\text{ cm}`, `${n + 1}\\text{ cm}`],
        [`${n}`, `${n}\\text{ thousand}`],
        [`${n}`, `${n}\\text{ million}`],
        [`${n}\\text{ hours}`, `${n}\\text{ minutes}`],
        [`${n}`, `${n + 1}\\text{ apples}`],
      ],
    }
  },
}

const grouped = (value: number, by: string) => String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, by)

/** A fraction in lowest terms or not, never whole. */
function fraction(draw: Draw): readonly [number, number] {
  const below = draw(3, 40)
  return [below * draw(0, 3) + draw(1, below - 1), below]
}
