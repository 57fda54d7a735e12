import type { Asker } from './askers.ts'
import type { More, Row } from './table.ts'

/** What is asked, about which things, and by whom. */
export type Request = { row: Row; ids: ReadonlyMap<string, string>; asker: Asker }

/** An answer: `text` has all that it tells, and `sent` all that it was asked with. */
export type Reply = { status: number; location: string; text: string; sent: string }

/** Asks what a row asks. */
export async function ask({ row: [route, , , more], ids, asker }: Request, url: string): Promise<Reply> {
  const [method = '', path = ''] = route.split(/\s+/)
  const address = withIds(more?.query === undefined ? path : `${path}?${more.query}`, ids)
  const sending = bodyOf(more, asker)
  const body = sending === null ? null : withIds(sending.body, ids)
  const response = await fetch(url + address, {
    method,
    redirect: 'manual',
    headers: { ...asker.headers, ...(sending === null ? {} : { 'content-type': sending.type }) },
    body,
  })
  const location = response.headers.get('location') ?? ''
  const text = `${location}\n${await response.text()}`
  return { status: response.status, location, text, sent: `${address}\n${decodeURIComponent(body ?? '')}` }
}

function bodyOf({ form, body }: More = {}, { csrf }: Asker): { body: string; type: string } | null {
  if (form !== undefined) {
    const fields = Object.entries({ ...form, ...(csrf === '' ? {} : { _csrf: csrf }) })
    const text = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    // The places for ids are still to be seen.
    const withPlaces = text.replace(/%7B(\w+)%7D/g, '{$1}')
    return { body: withPlaces, type: 'application/x-www-form-urlencoded' }
  }
  return body === undefined ? null : { body: JSON.stringify(body), type: 'application/json' }
}

const withIds = (text: string, ids: ReadonlyMap<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => ids.get(name) ?? place)
