import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languages, run } from './languages.ts'
import { type Stub, startStub } from './stub-server.ts'

const max = { id: 2, name: 'Max', breed: 'unknown', fluffiness: 5, cuteness: 10 }
const goodbye = { id: 2, deleted: ':(' }

/** The page's two sections, with their snippets letter by letter. */
const sections = [
  {
    title: 'Get a Specific Kitten',
    method: 'GET',
    answer: max,
    ruby: `require 'kittn'

api = Kittn::APIClient.authorize!('meowmeowmeow')
api.kittens.get(2)`,
    python: `import kittn

api = kittn.authorize('meowmeowmeow')
api.kittens.get(2)`,
    shell: `curl "http://example.com/api/kittens/2"
  -H "Authorization: meowmeowmeow"`,
    javascript: `const kittn = require('kittn');

let api = kittn.authorize('meowmeowmeow');
let max = api.kittens.get(2);`,
  },
  {
    title: 'Delete a Specific Kitten',
    method: 'DELETE',
    answer: goodbye,
    ruby: `require 'kittn'

api = Kittn::APIClient.authorize!('meowmeowmeow')
api.kittens.delete(2)`,
    python: `import kittn

api = kittn.authorize('meowmeowmeow')
api.kittens.delete(2)`,
    shell: `curl "http://example.com/api/kittens/2"
  -X DELETE
  -H "Authorization: meowmeowmeow"`,
    javascript: `const kittn = require('kittn');

let api = kittn.authorize('meowmeowmeow');
let max = api.kittens.delete(2);`,
  },
]

// The snippets show nothing; these programs run one as it stands and print the value of its last line.
const showing = {
  ruby: ['-rjson', '-e', 'puts JSON.generate(eval(STDIN.read))'],
  python: [
    '-c',
    `import json, sys
*lines, last = sys.stdin.read().split("\\n")
exec("\\n".join(lines))
print(json.dumps(eval(last)))`,
  ],
  javascript: ['--input-type=commonjs', '-'],
}

describe.each(sections)('the page, “$title”', (section) => {
  let stub: Stub
  beforeAll(async () => {
    stub = await startStub([{ json: section.answer }])
  })
  afterAll(async () => stub.close())

  function expectOneRequest() {
    const { method } = section
    expect(stub.requests.get(0)?.map(({ accept, ...request }) => request)).toEqual([
      { method, path: '/api/kittens/2', authorization: 'meowmeowmeow' },
    ])
    stub.requests.clear()
  }

  test.each([languages.ruby, languages.python])('its $name snippet works as it stands', async (language) => {
    const environment = { KITTN_API_URL: `${stub.url}/0/api` }
    const { out, err } = await run(language.command, showing[language.id], { input: section[language.id], environment })

    expect(err).toBe('')
    expect(JSON.parse(out)).toEqual(section.answer)
    expectOneRequest()
  })

  test('its JavaScript snippet works as it stands, and what it gives is a promise', async () => {
    const environment = { KITTN_API_URL: `${stub.url}/0/api` }
    const input = `${section.javascript}\nmax.then((kitten) => console.log(JSON.stringify(kitten)))`
    const { out, err } = await run('node', showing.javascript, { input, environment })

    expect(err).toBe('')
    expect(JSON.parse(out)).toEqual(section.answer)
    expectOneRequest()
  })

  test('its shell snippet works with this server in the place of example.com, once its lines are joined', async () => {
    const input = section.shell.replace('http://example.com', `${stub.url}/0`).replaceAll('\n', ' \\\n')
    const { out } = await run('sh', [], { input })

    expect(JSON.parse(out)).toEqual(section.answer)
    expectOneRequest()
  })

  test('the shell script does the same in a word', async () => {
    const environment = { KITTN_API_URL: `${stub.url}/0/api`, KITTN_API_KEY: 'meowmeowmeow' }
    const verb = section.method === 'GET' ? 'get' : 'delete'
    const { out, err } = await run('sh', ['../../clients/shell/kittn', verb, '2'], { environment })

    expect(err).toBe('')
    expect(JSON.parse(out)).toEqual(section.answer)
    expectOneRequest()
  })
})
