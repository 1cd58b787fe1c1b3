import { describe, expect, test } from 'vitest'
import { InvalidInputError } from '../../../core/invalid-input.ts'
import { modelFiles } from '../../../core/training/model-files.ts'
import { type PretrainedStudent, Student } from '../../../core/training/student.ts'
import {
  exampleArchitecture,
  exampleConfig,
  filesBut,
  index,
  pretrained,
  tokenizerFiles,
  wholeFiles,
} from './example-model.ts'

function chosen(
  changes: Readonly<Record<string, string | undefined>>,
  student: PretrainedStudent = pretrained('org/model'),
) {
  const files = filesBut(changes)
  return modelFiles(student, {
    files: Object.keys(files),
    read: async (name) => files[name] ?? '',
    unverifiedBytes: (name) => files[name]?.length,
  })
}

test('a model is its configuration, tokenizer and safetensors, and no file beside them', async () => {
  const { whole, tokenizer } = await chosen({})
  expect(whole.toSorted()).toEqual(wholeFiles)
  expect(tokenizer.toSorted()).toEqual(tokenizerFiles)
})

test('weights in one file need no index', async () => {
  const { whole } = await chosen({
    [index]: undefined,
    'model.safetensors': 'weights',
  })
  expect(whole.filter((name) => name.endsWith('.safetensors'))).toEqual(['model.safetensors'])
})

const pointer = `version https://git-lfs.github.com/spec/v1
oid sha256:${'0'.repeat(64)}
size 4954847344
`

test.each(['model-00001-of-00002.safetensors', 'tokenizer.json', 'config.json', index])(
  'a model is refused whose %s is a pointer of Git LFS, with the command that fetches it',
  async (name) => {
    await expect(chosen({ [name]: pointer })).rejects.toThrow(
      `field student.model: org/model: its ${name} is a pointer of Git LFS, not the file itself; ` +
        'run `git lfs pull` where it was cloned',
    )
  },
)

test('a pointer of Git LFS that is no file of the student does not matter', async () => {
  await expect(chosen({ 'pytorch_model.bin': pointer })).resolves.toBeDefined()
})

/** Ways in which files cannot be used, and how each is told. */
const unusable: ReadonlyArray<
  readonly [string, Readonly<Record<string, string | undefined>>, RegExp]
> = [
  ['no configuration', { 'config.json': undefined }, /it has no config\.json; name a whole model$/],
  [
    'no tokenizer',
    { 'tokenizer.json': undefined },
    /it has no tokenizer\.json; name a whole model/,
  ],
  [
    'no configuration of its tokenizer',
    { 'tokenizer_config.json': undefined },
    /it has no tokenizer_config\.json; name a whole model/,
  ],
  [
    'no weights that are safetensors',
    { [index]: undefined },
    /it has no weights \(model\.safetensors, or model\.safetensors\.index\.json and its shards\)/,
  ],
  [
    'a missing shard',
    { 'model-00002-of-00002.safetensors': undefined },
    /its model\.safetensors\.index\.json names model-00002-of-00002\.safetensors, which is not there/,
  ],
  [
    'an index that is cut',
    { [index]: '{"weight_map": {' },
    /its model\.safetensors\.index\.json is/,
  ],
  [
    'another architecture',
    { 'config.json': JSON.stringify({ ...exampleConfig, model_type: 'llama' }) },
    /its config\.json is none of a Qwen2 model \(model_type\); name another model/,
  ],
]

describe('a model is refused in one line that names the field, with', () => {
  test.each(unusable)('%s', async (_, changes, told) => {
    const refused = chosen(changes)
    await expect(refused).rejects.toThrow(InvalidInputError)
    await expect(refused).rejects.toThrow(/^field student\.model: org\/model: .+; name .+$/)
    await expect(refused).rejects.toThrow(told)
  })

  test('another shape than the profile states', async () => {
    const architecture = { ...exampleArchitecture, layers: 64 }
    await expect(chosen({}, pretrained('org/model', { architecture }))).rejects.toThrow(
      'field student.architecture.layers: org/model has 1, the recipe says 64; make it 1, or',
    )
  })
})

test.each([
  ['org/model', 'main', true],
  ['org/model', null, true],
  ['/models/qwen', null, true],
  ['s3://bucket/models/key', null, true],
  ['/models/qwen', 'main', false],
  ['s3://bucket/models/key', 'main', false],
  ['relative', null, false],
  ['s3://bucket', null, false],
])('a student of %s at %s can be named: %s', (model, revision, can) => {
  expect(Student.safeParse(pretrained(model, { revision })).success).toBe(can)
})
