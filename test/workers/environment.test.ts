import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endpointEnvironment, plainEnvironment } from '../../infra/stack/environment.ts'
import { readDeployment } from '../../workers/environment.ts'

test('data sets come from the Hub and are kept in the cache, unless the environment says otherwise', () => {
  expect(readDeployment({ XDG_CACHE_HOME: '/cache' }).hub).toMatchObject({
    endpoint: 'https://huggingface.co',
    token: undefined,
    mirror: undefined,
    cacheDirectory: join('/cache', 'sky-t1', 'hub'),
  })
  const told = {
    HF_ENDPOINT: 'http://127.0.0.1:8000/',
    HF_TOKEN: 'hf_reader',
    SKY_T1_HUB_MIRROR: '/mirror',
    SKY_T1_HUB_CACHE: '/elsewhere',
  }
  expect(readDeployment(told).hub).toMatchObject({
    endpoint: 'http://127.0.0.1:8000',
    token: 'hf_reader',
    mirror: '/mirror',
    cacheDirectory: '/elsewhere',
  })
})

test('an empty token is none', () => {
  expect(readDeployment({ HF_TOKEN: '' }).hub.token).toBeUndefined()
})

test('the worker that trains is told of the tracker, and the servers are not', () => {
  const from = { WANDB_API_KEY: 'a key', WANDB_PROJECT: 'sky', WANDB_MODE: 'offline' }
  expect(endpointEnvironment({ ...from, WANDB_SERVICE: 'no setting of a user' })).toEqual(from)
  expect(plainEnvironment(from)).toEqual({})
})

test('the worker that reads data sets is told of the Hub, and the sandbox is not', () => {
  const from = { HF_ENDPOINT: 'http://hub', HF_TOKEN: 'hf_reader', SKY_T1_HUB_MIRROR: '/mirror' }
  expect(endpointEnvironment(from)).toEqual(from)
  expect(plainEnvironment(from)).toEqual({})
})

test.each([
  [{}, undefined],
  [{ SKY_T1_NODE_ADDRESS: '' }, undefined],
  [{ SKY_T1_NODE_ADDRESS: 'node-a:29500' }, 'node-a:29500'],
])('of %j the address of the node is %s', (environment, address) => {
  expect(readDeployment(environment).nodeAddress).toBe(address)
})

test('an address of the node without a port is refused', () => {
  expect(() => readDeployment({ SKY_T1_NODE_ADDRESS: 'node-a' })).toThrow(/no HOST:PORT; name/)
})
