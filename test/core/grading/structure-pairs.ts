import type { Draw, Maker } from './answer-pairs.ts'

/** Sets, tuples, intervals, matrices and equations. */
export const structurePairs: Readonly<Record<string, Maker>> = {
  sets(draw) {
    const [a = 0, b = 0, c = 0] = items(draw, 3)
    return {
      equal: [
        [`\\{${a},${b},${c}\\}`, `\\left\\{${c}, ${a}, ${b}\\right\\}`],
        [`\\{${a},${b}\\}`, `${b}, ${a}`],
        [`${a},${b}`, `\\{${b},${a}\\}`],
        [`${a},${b}`, `x=${a}\\text{ or }x=${b}`],
        [`\\{${a},${b}\\}`, `x \\in \\{${a}, ${b}\\}`],
        [`${a}, ${b}, ${c}`, `${a}, ${b} \\text{ and } ${c}`],
        [`${a};${b}`, `${a}, ${b}`],
        [`\\{${a},${b}\\}`, `\\{${a},${b},${b}\\}`],
      ],
      different: [
        [`\\{${a},${b},${c}\\}`, `\\{${a},${b}\\}`],
        [`\\{${a},${b}\\}`, `\\{${a},${b + 50}\\}`],
        [`${a},${a},${b}`, `${a},${b}`],
        [`${a},${b}`, `${a}`],
        [`${a}`, `${a},${b}`],
        [`${a},${b},${c}`, `${a},${b},${c + 77}`],
        [`x=${a},${b},${c}`, `x=${a + 60},${b},${c}`],
      ],
    }
  },
  tuples(draw) {
    const [a = 0, b = 0, c = 0] = items(draw, 3)
    return {
      equal: [
        [`(${a},${b})`, `\\left(${a}, ${b}\\right)`],
        [`(${a},${b},${c})`, `(x,y,z)=(${a},${b},${c})`],
        [`(${a},${b})`, `\\left(${a},\\frac{${b * 2}}{2}\\right)`],
        [`(${a},${b},${c})`, `\\langle ${a}, ${b}, ${c} \\rangle`],
        [`(${a},${b},${c})`, `w=${a}, d=${b}, t=${c}`],
        [`(${a},${b}),(${b},${c})`, `(${b},${c}),\\ (${a},${b})`],
        [`(${a},${b},${c})`, `\\begin{pmatrix}${a}\\\\${b}\\\\${c}\\end{pmatrix}`],
      ],
      different: [
        [`(${a},${b})`, `(${b},${a})`],
        [`(${a},${b},${c})`, `(${a},${b})`],
        [`(${a},${b})`, `(${a},${b + 1})`],
        [`(${a},${b}),(${b},${c})`, `(${a},${b})`],
        [`(${a},${b}),(${b},${c})`, `(${b},${a}),(${c},${b})`],
      ],
    }
  },
  intervals(draw) {
    const low = draw(-20, 10)
    const high = low + draw(1, 20)
    return {
      equal: [
        [`[${low},${high})`, `\\left[${low}, ${high}\\right)`],
        [`(${low},${high})`, `${low}<x<${high}`],
        [`[${low},${high}]`, `${low}\\le x\\leq ${high}`],
        [`${low}<x\\le ${high}`, `(${low},${high}]`],
        [`(-\\infty,${low})`, `x<${low}`],
        [`k<${low}`, `(-\\infty,${low})`],
        [`[${high},\\infty)`, `x \\geq ${high}`],
        [`[${high},\\infty)`, `[${high},+\\infty)`],
        [`x\\in[${low},${high}]`, `[${low},${high}]`],
        [`(-\\infty,${low})\\cup(${high},\\infty)`, `x<${low}\\text{ or }x>${high}`],
        [`(${low},${high})\\cup(${high},\\infty)`, `(${high},\\infty)\\cup(${low},${high})`],
        [`(-\\infty,${low})\\cup(${low},\\infty)`, `x\\ne ${low}`],
        [`x<${low}`, `${low}>x`],
        [`x<${low}`, `-2x>${-2 * low}`],
      ],
      different: [
        [`[${low},${high}]`, `(${low},${high})`],
        [`[${low},${high}]`, `[${low},${high})`],
        [`[${low},${high}]`, `[${low},${high + 1}]`],
        [`(-\\infty,${low})`, `x\\le ${low}`],
        [`x<${low}`, `x>${low}`],
        [`(-\\infty,${low})`, `(-\\infty,${low}]`],
        [`(${low},\\infty)`, `(${low},${high})`],
        [`(-\\infty,${low})\\cup(${high},\\infty)`, `(${low},${high})`],
        [`(-\\infty,${low})\\cup(${high},\\infty)`, `(-\\infty,${low}]\\cup[${high},\\infty)`],
        [`x\\ne ${low}`, `x=${low}`],
      ],
    }
  },
  matrices(draw) {
    const [a = 0, b = 0, c = 0, d = 0] = items(draw, 4)
    return {
      equal: [
        [
          matrix('pmatrix', `${a}&${b}\\\\${c}&${d}`),
          matrix('bmatrix', `${a} & ${b} \\\\ ${c} & ${d}`),
        ],
        [
          matrix('pmatrix', `${a}\\\\${b}`),
          matrix('pmatrix', `\\frac{${2 * a}}{2} \\\\[4pt] ${b}`),
        ],
        [matrix('pmatrix', `${a}\\\\${b}`), `(${a},${b})`],
        [
          matrix('pmatrix', `${a}&${b}\\\\${c}&${d}`),
          `\\left(\\begin{array}{cc}${a} & ${b}\\\\${c} & ${d}\\end{array}\\right)`,
        ],
      ],
      different: [
        [matrix('pmatrix', `${a}&${b}\\\\${c}&${d}`), matrix('pmatrix', `${a}&${c}\\\\${b}&${d}`)],
        [matrix('pmatrix', `${a}\\\\${b}`), matrix('pmatrix', `${b}\\\\${a}`)],
        [matrix('pmatrix', `${a}\\\\${b}`), matrix('pmatrix', `${a}&${b}`)],
        [
          matrix('pmatrix', `${a}&${b}\\\\${c}&${d}`),
          matrix('pmatrix', `${a}&${b}\\\\${c}&${d + 1}`),
        ],
        [matrix('pmatrix', `${a}\\\\${b}`), matrix('pmatrix', `${a}\\\\${b}\\\\${c}`)],
      ],
    }
  },
  equations(draw) {
    const [a, b] = [draw(2, 9), draw(1, 30)]
    return {
      equal: [
        [`${b}`, `x=${b}`],
        [`x=${b}`, `${b}`],
        [`${b}`, `f(${a})=${b}`],
        [`y=${a}x+${b}`, `y=${b}+${a}x`],
        [`y=${a}x+${b}`, `${a}x-y+${b}=0`],
        [`${a}x+${b}y=0`, `${2 * a}x+${2 * b}y=0`],
        [`f(x)=${a}x+${b}`, `${a}x+${b}`],
        [`f(x)=${a}x+${b}`, `f(z)=${b}+${a}z`],
        [`x=${a}, y=${b}`, `y=${b}, x=${a}`],
        [`${a + b}`, `x=${a}+${b}=${a + b}`],
        [`${b}`, `m+n=${b}`],
        [`x^2+y^2=${b}`, `${b}=y^2+x^2`],
      ],
      different: [
        [`${b}`, `x=${b + 1}`],
        [`${b}`, `${b + a}=${b}`],
        [`y=${a}x+${b}`, `y=${a}x-${b}`],
        [`y=${a}x+${b}`, `y=${a + 1}x+${b}`],
        [`f(x)=${a}x+${b}`, `f(x)=${a}x`],
        [`${a}x+${b}y=0`, `${a}x-${b}y=0`],
        [`x=${a}, y=${b}`, `x=${b + 40}, y=${a}`],
        [`x^2+y^2=${b}`, `${b}`],
        [`x^2+y^2=${b}`, `x^2+y^2=${b + 1}`],
        [`x^2=-${a}`, `x^2=-${a + b}`],
        [`${a}x+z=1`, '1'],
        [`f(x)=x,f(x)=${a}-x`, 'f(x)=x'],
      ],
    }
  },
}

function matrix(kind: string, rows: string): string {
  return `\\begin{${kind}}${rows}\\end{${kind}}`
}

/** Different whole numbers, rising. */
function items(draw: Draw, count: number): number[] {
  let last = draw(-20, 20)
  return Array.from({ length: count }, () => (last += draw(1, 6)))
}
