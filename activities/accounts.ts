import pLimit, { type LimitFunction } from 'p-limit'
import { Account, newAccount } from '../core/money/account.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { findJson } from './artifacts.ts'
import { swapDocument } from './swapped-document.ts'

/** Changes of one account in this process stand in line instead of racing each other. */
const lines = new Map<string, LimitFunction>()

/** The key of an account's document. */
function accountKey(account: string): string {
  return `accounts/${account}.json`
}

/** The account of this name, or undefined where none was opened. */
export async function findAccount(
  store: ObjectStore,
  account: string,
): Promise<Account | undefined> {
  return findJson(store, accountKey(account), Account)
}

/** An account, and the limit with which it is opened where it is not: nanodollars, or null for none. */
export type OpenedAccount = { readonly name: string; readonly limit: number | null }

/**
 * Changes an account by compare and swap. The change may be made several times over, each time on
 * what stands then: where it stands already, because an answer of the store got lost, making it
 * again must change nothing. Throws DocumentBusyError.
 */
export async function changeAccount(
  store: ObjectStore,
  { name, limit }: OpenedAccount,
  change: (standing: Account) => Account,
): Promise<Account> {
  const line = lines.get(name) ?? pLimit(1)
  lines.set(name, line)
  const document = { key: accountKey(name), schema: Account }
  return line(() =>
    swapDocument(store, document, (standing) => change(standing ?? newAccount(limit))),
  )
}
