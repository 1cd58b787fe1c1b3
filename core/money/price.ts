import { InvalidInputError } from '../invalid-input.ts'
import type { Price } from '../recipe.ts'
import type { ChatRequest, Usage } from '../response.ts'

/** What the tokens of one model cost, the way it is asked: dollars for a million tokens. */
export type Rate = Price & {
  /** What a token costs as a share of its price online: below 1 in a batch. */
  readonly factor: number
}

/** A billionth of a US dollar: sums of whole ones are exact, whatever their order. */
const nanodollarsPerDollar = 1e9

/** Nanodollars as dollars. */
export function inDollars(nanodollars: number): number {
  return nanodollars / nanodollarsPerDollar
}

/** Dollars as whole nanodollars. Throws InvalidInputError for more than can be counted. */
export function inNanodollars(dollars: number): number {
  const nanodollars = Math.round(dollars * nanodollarsPerDollar)
  if (nanodollars <= Number.MAX_SAFE_INTEGER) return nanodollars
  const most = Math.floor(inDollars(Number.MAX_SAFE_INTEGER))
  throw new InvalidInputError(
    `a budget of ${dollars} dollars cannot be counted: give ${most} at the most, or null for none`,
  )
}

/** What stands for a model in a price list. Throws where the list lacks it. */
export function priceAmong<Entry>(prices: Readonly<Record<string, Entry>>, model: string): Entry {
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined
  if (price === undefined) throw new Error(`prices.${model}: missing from the recipe's price list`)
  return price
}

/**
 * Refuses a model without a price: a budget can be kept only where every model has one.
 * @param example what to write where, for a model; goes behind the refusal
 * @throws {InvalidInputError} naming the field
 */
export function checkPriced(
  models: readonly string[],
  prices: Readonly<Record<string, Price>>,
  example: (model: string) => string = () => '',
): void {
  const model = models.find((each) => !Object.hasOwn(prices, each))
  if (model === undefined) return
  throw new InvalidInputError(
    `field prices.${model}: missing; give its price for a million tokens${example(model)}`,
  )
}

/** What tokens cost, in whole nanodollars, rounded up. */
export function priceOf({ promptTokens, completionTokens }: Usage, rate: Rate): number {
  const { promptPerMillion, completionPerMillion, factor } = rate
  const perMillion =
    (promptTokens * promptPerMillion + completionTokens * completionPerMillion) * factor
  // Dollars a million tokens are thousands of nanodollars a token; the rest is the error of floating point.
  return Math.max(0, Math.ceil(perMillion * 1000 - 1e-6))
}

/** The most that one sending of a request can cost, in nanodollars: its longest reply to its longest prompt. */
export function largestPrice(request: ChatRequest, rate: Rate): number {
  const { maxTokens: completionTokens, messages } = request
  return priceOf({ promptTokens: mostPromptTokens(messages), completionTokens }, rate)
}

/** What a chat template adds to each message, and once more to open the reply. */
const templateTokens = 16

/** No tokenizer makes more tokens than a text has bytes. */
function mostPromptTokens(messages: ChatRequest['messages']): number {
  const bytes = messages.reduce((sum, { content }) => sum + utf8Length(content), 0)
  return bytes + templateTokens * (messages.length + 1)
}

function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
