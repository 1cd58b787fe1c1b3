import { parseNumber } from './math-number.ts'
import { BeyondExactError } from './math-polynomial.ts'
import { binomial, factorial, powerOfE, raised, unread } from './math-functions.ts'
import { exactRatio } from './math-trigonometry.ts'
import {
  type Value,
  called,
  integer,
  named,
  negative,
  power,
  product,
  quotient,
  rationalValue,
  sum,
  valueOf,
} from './math-value.ts'

/** What an expression in LaTeX is worth, and whether a decimal stands in it (which may be rounded). */
export type Expression = { readonly value: Value; readonly hasDecimal: boolean }

/** In characters: longer answers are for symbolic comparison. */
const maxLength = 400
const maxDepth = 30

const tokenPattern = /\\[a-zA-Z]+|\\.|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+|[a-zA-Z]+|\S/g

const functions = new Set(
  'sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log lg exp'.split(' '),
)
const words = new Set([...functions, 'sqrt', 'pi'])
const greek =
  /^\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|lambda|mu|nu|xi|rho|sigma|tau|phi|varphi|chi|psi|omega|ell|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega)$/
const times = new Set(['\\cdot', '\\times', '*', '\\ast'])
const over = new Set(['/', '\\div'])
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '|': '|' }

/**
 * Reads an expression in normal form: numbers, names, sums, products, quotients, powers, roots, and
 * functions. Undefined for what has two readings (`1/2x`, `x^10`) and for what is no expression.
 */
export function parseExpression(text: string): Expression | undefined {
  if (text.length > maxLength) return undefined
  try {
    return new Reader(tokensOf(text)).whole()
  } catch (error) {
    if (error instanceof BeyondExactError) return undefined
    throw error
  }
}

/** Letters in a row are a product of names, unless they are a known word or the name of points. */
function tokensOf(text: string): string[] {
  return (text.match(tokenPattern) ?? []).flatMap((token) => {
    const isProduct = /^[a-zA-Z]{2,}$/.test(token) && !words.has(token) && !/^[A-Z]+$/.test(token)
    if (isProduct && token.length > 3) throw unread(token)
    return isProduct ? Array.from(token) : [token]
  })
}

class Reader {
  readonly #tokens: readonly string[]
  #at = 0
  #depth = 0
  #hasDecimal = false

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  whole(): Expression {
    const value = this.#sum()
    if (this.#at < this.#tokens.length) throw unread(this.#next)
    return { value, hasDecimal: this.#hasDecimal }
  }

  get #next(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #take(): string {
    this.#at += 1
    return this.#tokens[this.#at - 1] ?? ''
  }

  #expect(token: string): void {
    if (this.#take() !== token) throw unread(token)
  }

  #sum(): Value {
    this.#depth += 1
    if (this.#depth > maxDepth) throw new BeyondExactError('too deep')
    let total = this.#signed(() => this.#product())
    while (this.#next === '+' || this.#next === '-') {
      const sign = this.#take()
      const right = this.#product()
      total = sum(total, sign === '-' ? negative(right) : right)
    }
    this.#depth -= 1
    return total
  }

  #signed(read: () => Value): Value {
    if (this.#next !== '-' && this.#next !== '+') return read()
    return this.#take() === '-' ? negative(read()) : read()
  }

  #product(): Value {
    let isWhole = /^\d+$/.test(this.#next)
    let left = this.#factor()
    for (;;) {
      if (times.has(this.#next)) {
        this.#take()
        left = product(
          left,
          this.#signed(() => this.#factor()),
        )
      } else if (over.has(this.#next)) {
        this.#take()
        left = quotient(
          left,
          this.#signed(() => this.#factor()),
        )
        // 1/2x is a half of x to some and half of one over x to others.
        if (this.#startsFactor()) throw unread(this.#next)
      } else if (this.#startsFactor()) {
        left = this.#beside(left, isWhole)
      } else return left
      isWhole = false
    }
  }

  /** A factor without a sign before it; a proper fraction after a whole number is added to it. */
  #beside(left: Value, isWhole: boolean): Value {
    if (/^[\d.]/.test(this.#next)) throw unread(this.#next)
    const isFraction = this.#next === '\\frac'
    const start = this.#at
    const right = this.#factor()
    const fraction = isFraction ? this.#tokens.slice(start, this.#at).join('') : ''
    if (!isWhole || !/^\\frac\{\d+\}\{\d+\}$/.test(fraction)) return product(left, right)
    const mixed = rationalValue(right)
    if (mixed === undefined || mixed.numerator >= mixed.denominator) throw unread(fraction)
    return sum(left, right)
  }

  #startsFactor(): boolean {
    return (
      /^(?:[\d.a-zA-Z([{]|\\(?:frac|sqrt|pi|binom|overline)$)/.test(this.#next) ||
      greek.test(this.#next) ||
      functions.has(this.#next.slice(1))
    )
  }

  #factor(): Value {
    let value = this.#primary()
    for (;;) {
      if (this.#next === '!') {
        this.#take()
        value = factorial(value)
      } else if (this.#next === '^') {
        this.#take()
        value = this.#raised(value)
      } else return value
    }
  }

  #raised(base: Value): Value {
    if (this.#next === '\\circ') {
      this.#take()
      return product(base, named('degree'))
    }
    return raised(base, this.#argument())
  }

  /** What a command or `^` takes: a group in braces, or a single digit, letter or command. */
  #argument(): Value {
    if (this.#next === '{') return this.#group()
    if (/^(?:\d|[a-zA-Z]|\\pi)$/.test(this.#next) || greek.test(this.#next)) return this.#primary()
    throw unread(this.#next)
  }

  #group(): Value {
    const closer = closers[this.#take()] ?? ''
    const value = this.#sum()
    this.#expect(closer)
    return value
  }

  #primary(): Value {
    const token = this.#next
    if (/^[\d.]/.test(token)) return this.#number()
    if (token === '|') return this.#absolute()
    if (token in closers) return this.#group()
    if (functions.has(token.replace('\\', ''))) return this.#function()
    this.#take()
    if (token === '\\frac') return quotient(this.#argument(), this.#argument())
    if (token === '\\sqrt' || token === 'sqrt') return this.#root()
    if (token === '\\binom') return binomial(this.#argument(), this.#argument())
    if (token === '\\pi' || token === 'pi') return named('pi')
    if (greek.test(token)) return this.#name(token)
    if (/^[a-zA-Z]+$/.test(token)) return this.#name(token)
    throw unread(token)
  }

  #number(): Value {
    const digits = this.#take()
    const isRepeating = this.#next === '\\overline'
    const text = isRepeating
      ? [digits, ...this.#tokens.slice(this.#at, (this.#at += 4))].join('')
      : digits
    const number = parseNumber(text)
    if (number === undefined) throw unread(text)
    if (!isRepeating && digits.includes('.')) this.#hasDecimal = true
    return valueOf({ numerator: number.numerator, denominator: number.denominator })
  }

  #absolute(): Value {
    const value = this.#group()
    const plain = rationalValue(value)
    if (plain === undefined) return called('abs', [value])
    return plain.numerator < 0n ? negative(value) : value
  }

  #root(): Value {
    let degree = 2n
    if (this.#next === '[') {
      const plain = rationalValue(this.#group())
      if (plain?.denominator !== 1n || plain.numerator < 2n) throw unread('\\sqrt[')
      degree = plain.numerator
    } else if (this.#next === '(') return power(this.#group(), { numerator: 1n, denominator: 2n })
    return power(this.#argument(), { numerator: 1n, denominator: degree })
  }

  #name(token: string): Value {
    let name = token
    if (this.#next === '_') {
      this.#take()
      const from = this.#at
      this.#argument()
      name += `_${this.#tokens.slice(from, this.#at).join('').replaceAll(/[{}]/g, '')}`
    }
    if (this.#next === "'") throw unread("'")
    if (/^[fghFGH](?:_|$)/.test(name) && this.#next === '(') return called(name, [this.#group()])
    return named(name)
  }

  /** `\sin x`, `\sin^2 x`, `\log_2 8`: without brackets the argument is a number, a name, or both. */
  #function(): Value {
    let name = this.#take().replace('\\', '')
    if (name === 'log' && this.#next === '_') {
      this.#take()
      return this.#applied('log', [this.#argument()])
    }
    let exponent = integer(1n)
    if (this.#next === '^') {
      this.#take()
      exponent = this.#argument()
    }
    const plain = rationalValue(exponent)
    if (plain?.denominator !== 1n) throw unread('^')
    if (plain.numerator === -1n) {
      if (!/^(?:sin|cos|tan)$/.test(name)) throw unread(name)
      name = `arc${name}`
      return this.#applied(name, [])
    }
    return power(this.#applied(name, []), plain)
  }

  #applied(name: string, base: readonly Value[]): Value {
    const argument = this.#functionArgument()
    if (name === 'exp') return powerOfE(argument)
    const exact = base.length === 0 ? exactRatio(name, argument) : undefined
    if (exact !== undefined) return exact
    return called(name, [...base, argument])
  }

  #functionArgument(): Value {
    if (/^[({]$/.test(this.#next)) {
      const value = this.#group()
      if (this.#next === '^') throw unread('^')
      return value
    }
    let value = this.#factor()
    if (!/^\d+$/.test(this.#tokens[this.#at - 1] ?? '')) return this.#complete(value)
    if (this.#next === '\\pi' || greek.test(this.#next) || /^[a-zA-Z]$/.test(this.#next)) {
      value = product(value, this.#factor())
    }
    return this.#complete(value)
  }

  /** Where something else could still belong to the argument, there are two readings. */
  #complete(value: Value): Value {
    const isOpen = this.#startsFactor() && !functions.has(this.#next.slice(1))
    if (isOpen || over.has(this.#next)) throw unread(this.#next)
    return value
  }
}
