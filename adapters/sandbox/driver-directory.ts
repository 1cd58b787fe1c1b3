import { fileURLToPath } from 'node:url'

/** The Python program that runs cases inside a sandbox. */
export const driverDirectory = fileURLToPath(new URL('../../infra/sandbox/driver', import.meta.url))
