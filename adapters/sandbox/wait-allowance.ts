/** Less than this was not waited for a processor, but the way of any machine. */
const leastWaitMs = 50
/**
 * So many times its processor time a case is given again in all, which the load of sixty programs a
 * processor does not use up: then whoever keeps itself waiting ends, too.
 */
const mostWaits = 60

/** What a case is given again of the time that it was kept waiting: asked each time it is late. */
export function createWaitAllowance(cpuSeconds: number): (waitedMs: number) => number {
  let leftMs = mostWaits * cpuSeconds * 1000
  return (waitedMs) => {
    const givenMs = waitedMs < leastWaitMs ? 0 : Math.min(waitedMs, leftMs)
    leftMs -= givenMs
    return givenMs
  }
}
