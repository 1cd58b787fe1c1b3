import { expect, test } from 'vitest'
import { compareExactly } from '../../../core/grading/math-exact.ts'
import { isEqual } from '../../../core/grading/math-scalar.ts'

const equal = [
  // spelling
  ['\\dfrac{1}{2}', '\\frac12'],
  ['\\tfrac{10}{3}', '\\frac{10}{3}'],
  ['\\frac 59', '\\frac{5}{9}'],
  ['\\frac{625}4', '\\frac{625}{4}'],
  ['$3 n$', '3n'],
  ['\\(7\\)', '7'],
  ['\\left( \\frac{3}{2}, -13 \\right)', '(\\frac{3}{2},-13)'],
  ['(1,\\ -16,\\ -4,\\ 43)', '(1,-16,-4,43)'],
  ['2 \\sqrt{5}', '2\\sqrt5'],
  ['5r^{5}', '5r^5'],
  ['x^3 + 3x - 6.', 'x^3+3x-6'],
  ['\\{1,2\\}', '\\left\\{1, 2\\right\\}'],
  ['12\\pi', '12π'],
  ['3\\sqrt{13}', '3√13'],
  ['\\boxed{5}', '5'],
  ['{1,2,3}', '1, 2, 3'],
  ['\\text{Evelyn}', 'Evelyn'],
  ['\\text{east}', 'East'],
  ['\\text{(B)}', 'B'],
  ['\\textbf{(C)}', '\\text{C}'],
  ['\\begin{pmatrix}1\\\\[4pt]2\\end{pmatrix}', '\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}'],
  // numbers
  ['045', '45'],
  ['10,080', '10080'],
  ['11,\\! 111,\\! 111,\\! 100', '11111111100'],
  ['14{,}916', '14916'],
  ['1000', '1 000'],
  ['1000.99', '1,000.99'],
  ['.4', '0.40'],
  ['29', '29.00'],
  ['\\frac{11}{2}', '5.5'],
  ['-\\frac{1}{2}', '\\frac{-1}{2}'],
  ['-10/9', '-\\frac{10}{9}'],
  ['\\frac{448}{15625}', '\\frac{2240}{78125}'],
  ['137 \\frac{1}{2}', '\\frac{275}{2}'],
  ['0.1\\overline{6}', '\\frac16'],
  ['1.5 \\times 10^{-9}', '\\frac{3}{2000000000}'],
  ['10^{12}', '1000000000000'],
  ['99999999999999999999999999999999', '99,999,999,999,999,999,999,999,999,999,999'],
  // units on both sides, percent as what it means
  ['5 \\text{ cm}', '5\\,\\text{centimeters}'],
  ['12\\text{ square feet}', '12\\text{ ft}^2'],
  ['5\\text{ dollars}', '\\$5.00'],
  ['17.5%', '17.5\\%'],
  ['28\\%', '28 percent'],
  ['0.75', '75\\%'],
  ['10\\%', '\\frac{1}{10}'],
  // names on one side
  ['5', 'x = 5'],
  ['k=3', '3'],
  ['x \\in [-2,7]', '[-2, 7]'],
  // tuples and sets
  ['(1, \\frac{9}{2})', '(1, 4.5)'],
  ['1,3', '1 \\text{ and } 3'],
  ['2, 3, 5', '2, 3, and 5'],
  ['\\{1,2\\}', '\\{2,1\\}'],
  ['\\lbrace 1,2\\rbrace', '1, 2'],
  ['1,2', 'x=1 \\lor x=2'],
  // other spellings of numbers
  ['\\frac{7}{4}', '1¾'],
  ['\\frac{7}{4}', '1 3/4'],
  ['\\frac{1}{7}', '0.\\dot{1}4285\\dot{7}'],
  ['\\frac{1}{3}', '0.(3)'],
  ['\\frac{\\pi}{2}', '\\frac\\pi2'],
  ['\\bm{12}', '\\large 12'],
  ['121', 'one hundred and twenty-one'],
  ['2000000', '\\text{two million}'],
  ['FF_{16}', '\\mathrm{FF}_{16}'],
  // imaginary angles
  ['e^{i\\pi}', '-1'],
  ['e^{\\frac{2\\pi i}{3}}', '-\\frac12+\\frac{\\sqrt3}{2}i'],
  // what is near a value is left out
  ['11\\sqrt2', '11\\sqrt{2}\\approx 15.56'],
  ['\\frac13', '\\frac26=\\frac13\\approx 0.33'],
  // intervals and conditions
  [']1;2]', '(1, 2]'],
  ['x\\leqslant 5', '(-\\infty, 5]'],
  ['1<x<2', 'x>1\\text{ and }x<2'],
  ['1<x<2', 'x<2, x>1'],
  ['x<-1\\text{ or }x>1', 'x>1, x<-1'],
  ['x<-1\\text{ or }x>1', 'x<-1 \\lor x>1'],
  // residues, under any name of an integer
  ['7\\pmod{12}', '-5\\pmod{12}'],
  ['\\frac\\pi4+k\\pi, k\\in\\mathbb{Z}', '\\frac{\\pi}{4}+n\\pi'],
  ['f^{-1}(x)=\\frac{x}{2}', '\\frac{x}{2}'],
  // units: bare letters beside a written unit, several at once, times
  ['1\\text{ km}', '1000 m'],
  ['5\\text{ m/s}', '5\\frac{m}{s}'],
  ['60\\text{ mph}', '60\\text{ miles per hour}'],
  ['2.5\\text{ hours}', '2 hours and 30 minutes'],
  ['3:00\\text{ p.m.}', '3 PM'],
  // powers and quotients of units, and angles to the minute
  ['1\\text{ m}^2', '10000\\text{ cm}^2'],
  ['36\\text{ km/h}', '10\\text{ m/s}'],
  ['1\\text{ liter}', '1000\\text{ cubic centimeters}'],
  ['2\\text{ quarts}', '0.5\\text{ gallons}'],
  ['1\\text{ lb}', '16\\text{ ounces}'],
  ["5^\\circ30'", '5.5^\\circ'],
  ["-5^\\circ 30'15''", '-5^{\\circ}30^{\\prime}15^{\\prime\\prime}'],
  ['6\\,\\Omega', '6\\text{ ohms}'],
  // letters
  ['A, C', 'C, A'],
  ['abc', 'cba'],
] as const

test.each(equal)('%j is certainly %j, either way round', (reference, answer) => {
  expect(isEqual(compareExactly(reference, answer))).toBe(true)
  expect(isEqual(compareExactly(answer, reference))).toBe(true)
})

test.each([
  ['72', '72^\\circ'],
  ['90^\\circ', '90'],
  ['60^{\\circ}', '60 degrees'],
  ['1250', '\\$1250'],
  ['\\$32,\\!348', '32,348'],
  ['11', '11\\ \\text{minutes}'],
  ['53', '53 minutes'],
  ['10', '10\\%'],
  ['100%', '100'],
  ['\\frac{639}{40}', '\\frac{639}{40} \\text{ inches}'],
  ['6', '6\\Omega'],
  ['\\frac{1}{2}', '1/2 cup'],
])('%j is %j but for a unit that one side leaves out', (reference, answer) => {
  expect(compareExactly(reference, answer)).toMatch(/^equal(?:-but-for-unit)?$/)
})

const different = [
  ['1,1,2', '1,2,2'],
  ['32349', '32, 349'],
  ['(100,200)', '(200,100)'],
  ['B', 'C'],
  ['[1,2]', '(1,2)'],
  ['5 cm', '5 km'],
  ['1\\text{ m}^2', '100\\text{ cm}^2'],
  ['36\\text{ km/h}', '36\\text{ m/s}'],
  ["5^\\circ30'", '5.3^\\circ'],
  ['5', '5\\text{ million}'],
  ['5', '-5'],
  ['204', '205'],
  ['2', '2.0001'],
  ['3.1416', '3.14159'],
  ['0.75', '75'],
  ['75', '0.75'],
  ['0.0000001', '0.0000002'],
  ['1.5\\times10^{-9}', '2.5\\times10^{-9}'],
  ['\\frac{1}{3}', '0.33'],
  ['1,234', '1.234'],
  ['123456789012345678901234567890', '123456789012345678901234567891'],
  ['5\\text{ cm}', '6\\text{ cm}'],
  ['10\\%', '11\\%'],
  ['1010_2', '1010_3'],
  ['204_5', '203_5'],
  ['(1,2)', '(2,1)'],
  ['(1,2)', '(1,2.5)'],
  ['[0,1)', '[0,9)'],
  ['1,2,3', '1,2,4'],
  ['\\{1,2\\}', '\\{1,3\\}'],
  ['\\text{(B)}', '\\text{(C)}'],
  ['\\text{(B)}', 'C'],
  ['7\\pmod{12}', '18\\pmod{12}'],
  ['e^{i\\pi/3}', 'e^{-i\\pi/3}'],
  ['\\frac13', '\\frac14\\approx 0.333'],
  ['1<x<2', 'x<1, x>2'],
  [']1,2[', '[1,2]'],
  ['2n+1', '2k, k\\in\\mathbb{Z}'],
  ['3:00\\text{ p.m.}', '3:00\\text{ a.m.}'],
  ['2024-01-02', '2024-01-03'],
  ['5\\text{ m}', '6 m'],
  ['121', 'one hundred and twenty'],
  ['x^{12}', '2x^{1}'],
] as const

test.each(different)('%j is certainly not %j, either way round', (reference, answer) => {
  expect(compareExactly(reference, answer)).toBe('different')
  expect(compareExactly(answer, reference)).toBe('different')
})

test.each([
  ['0.5', '0.5\\%'],
  ['1', '1\\%'],
])('an extra percent sign is not dropped from a fraction of one: %j, %j', (reference, answer) => {
  expect(compareExactly(reference, answer)).toBe('different')
})

test.each([
  ['5\\text{ cm}', '5\\text{ cm}^2'],
  ['60', '1\\text{ hour}'],
  ['5\\%', '\\$5'],
])('units that differ are left undecided: %j, %j', (reference, answer) => {
  expect(compareExactly(reference, answer)).toBe('unit-mismatch')
})

test.each([
  ['\\frac{1}{3}', '0.333333', 'equal-when-rounded'],
  ['0.0833333333333333', '\\frac{1}{12}', 'equal-when-rounded'],
  ['3.141593', '\\pi', 'equal-when-rounded'],
  ['\\frac{600}{7}', '85.71', 'equal-to-few-digits'],
  ['\\pi', '3.14', 'equal-to-few-digits'],
  ['0.000001', '\\frac{1}{1000001}', 'different'],
  ['\\frac{1}{3}', '0.333334', 'different'],
  ['1.2345671', '1.234567', 'different'],
  ['-2,1', '1,-2', 'equal-in-other-order'],
  ['1,2', '(1,2)', 'brackets-differ'],
  ['2,1', '(2,1)', 'equal'],
  ['1,2', '1,1,2', 'repeats'],
  ['10_2', '2', 'base-differs'],
  ['204_5', '204', 'base-left-out'],
  ['1,2,3', '1,2,3,...', 'dots'],
  ['\\text{a red circle}', '\\text{a blue square}', 'words-differ'],
  ['2021', '2024-01-02', 'words-differ'],
  ['2', '7\\bmod 5', 'unit-mismatch'],
  ['5', 'x=5, \\text{ where }x>0', 'words-differ'],
  ['1', 'one half', 'words-differ'],
  ['\\frac{\\pi}{4}+k\\pi', '\\frac{\\pi}{4}+n\\pi', 'names-differ'],
  ['2k+1', 'x=2n+1', 'names-differ'],
  ['4.5', '4,5', 'decimal-comma'],
])('of %j and %j it says %s', (reference, answer, comparison) => {
  expect(compareExactly(reference, answer)).toBe(comparison)
})

test.each([
  ['100,200', '200,100'],
  ['x=5', 'y=5'],
  ['3 4', '34'],
  ['3', '3m'],
  ['\\frac{1}{0}', '5'],
  ['\\cot x', '\\frac{\\cos x}{\\sin x}'],
  ['1/2x', '\\frac{1}{2x}'],
  ['2^{100000}', '2^{100001}'],
  [
    '\\begin{pmatrix}3\\\\5\\end{pmatrix}',
    '\\begin{pmatrix}1\\\\2\\end{pmatrix}+\\begin{pmatrix}2\\\\3\\end{pmatrix}',
  ],
])('exact rules do not decide between %j and %j', (reference, answer) => {
  expect(compareExactly(reference, answer)).toBe('unknown')
})

test.each([
  ['a\\mid b', 'b\\mid a'],
  ['A\\subset B', 'B\\subset A'],
  ['p\\to q', 'q\\to p'],
  ['x\\in A', 'A\\in x'],
  ['x^{12}', 'x^{1}2'],
  ['p\\lor q', 'p\\land q'],
])('what is not symmetric is not turned round, nor braces dropped: %j, %j', (reference, answer) => {
  expect(isEqual(compareExactly(reference, answer))).toBe(false)
})

test.each([
  [nested('1'), nested('2')],
  [listed((at) => at), listed((at) => 999 - at)],
  [listed((at) => `x+${at}`), listed((at) => `x+${999 - at}`)],
])('sets in sets and long lists take no more than a look: %#', (reference, answer) => {
  expect(isEqual(compareExactly(reference, answer))).toBe(false)
})

function nested(inner: string): string {
  return `${'\\{'.repeat(200)}${inner}${'\\}'.repeat(200)}`
}

function listed(item: (at: number) => number | string): string {
  return Array.from({ length: 400 }, (_, at) => item(at)).join('; ')
}
