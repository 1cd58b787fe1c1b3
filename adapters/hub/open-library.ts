import type { HubLibrary, HubSettings } from './hub-library.ts'
import { createMirrorLibrary } from './mirror-library.ts'
import { createRemoteLibrary } from './remote-library.ts'

/** The Hub that a deployment reads: the mirror where it names one, else the Hub itself. */
export function openLibrary(settings: HubSettings): HubLibrary {
  const { mirror } = settings
  return mirror === undefined ? createRemoteLibrary(settings) : createMirrorLibrary(mirror)
}
