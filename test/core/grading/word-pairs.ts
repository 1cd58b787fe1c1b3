import type { Maker } from './answer-pairs.ts'

/** Bases, times, choices and texts. */
export const wordPairs: Readonly<Record<string, Maker>> = {
  bases(draw) {
    const n = draw(2, 200)
    return {
      equal: [
        [`${n.toString(2)}_2`, `${n.toString(2)}_{2}`],
        [`${n.toString(5)}_{5}`, `${n.toString(5)}_{\\text{5}}`],
      ],
      different: [
        [`${n.toString(2)}_2`, `${(n + 1).toString(2)}_2`],
        [`1${n.toString(5)}_5`, `1${n.toString(5)}_7`],
        [`1${n.toString(2)}`, `1${n.toString(2)}_2`],
      ],
    }
  },
  'times and ratios'(draw) {
    const [hour, a, b] = [draw(1, 11), draw(2, 9), draw(2, 9)]
    const minute = String(draw(0, 59)).padStart(2, '0')
    return {
      equal: [
        [`${hour}:${minute}`, `${hour}:${minute}`],
        [`${a}:${b}`, `${a * 3}:${b * 3}`],
        [`${a}:${b}`, `\\frac{${a}}{${b}}`],
        [`AB:CD=${a}:${b}`, `${a}:${b}`],
      ],
      different: [
        [`${hour}:${minute}`, `${hour + 1}:${minute}`],
        ['12:00', `${hour}:00`],
        [`${hour}:15`, `${hour}:45`],
        [`${a}:${b + a}`, `${b + a}:${a}`],
        [`${a}:${b}`, `${a}:${b + 1}`],
      ],
    }
  },
  choices(draw) {
    const [letter, other] = ['ABCDE'[draw(0, 1)] ?? 'A', 'ABCDE'[draw(2, 4)] ?? 'C']
    const n = draw(2, 99)
    return {
      equal: [
        [letter, `(${letter})`],
        [`\\text{(${letter})}`, letter],
        [`\\textbf{(${letter})}`, `\\text{${letter}}`],
        [letter, `(${letter}) ${n}`],
        [`${n}`, `(${letter}) ${n}`],
        [`\\textbf{(${letter})}\\ ${n}`, letter],
      ],
      different: [
        [letter, other],
        [`(${letter})`, `(${other})`],
        [`\\text{(${letter})}`, other],
        [letter, `(${other}) ${n}`],
        [`${n}`, `(${letter}) ${n + 1}`],
      ],
    }
  },
  texts(draw) {
    const words = ['east', 'Friday', 'ellipse', 'Evelyn', 'odd', 'impossible']
    const at = draw(0, 4)
    const [word, other] = [words[at] ?? '', words[at + 1] ?? '']
    return {
      equal: [
        [`\\text{${word}}`, word],
        [word, `\\text{${word.toUpperCase()}}`],
        [`\\text{an ${word}}`, `\\text{The ${word}.}`],
        [`\\text{${word}, ${other}}`, `\\text{${other} and ${word}}`],
        ['7', '\\text{seven}'],
      ],
      different: [
        [`\\text{${word}}`, `\\text{${other}}`],
        [`\\text{${word}}`, Array.from(word).toReversed().join('')],
        [`\\text{${word}}`, '5'],
        ['5', `\\text{${word}}`],
        ['7', '\\text{eight}'],
        [`\\text{not ${word}}`, `\\text{${word}}`],
      ],
    }
  },
  'dots and quantifiers'(draw) {
    const n = draw(3, 20)
    return {
      equal: [[`1,2,\\ldots,${n}`, `1, 2, \\dots, ${n}`]],
      different: [
        ['1,2,\\ldots,n', '1,3,\\ldots,2n-1'],
        [`1,2,\\ldots,${n}`, `1,2,${n}`],
        ['f(x)=0', 'f(x)=0 \\text{ for all } x>0'],
        ['f(x)=0', '\\forall x>0'],
        [`n=2,3,${n + 1}`, `n=1,2,${n}`],
      ],
    }
  },
}
