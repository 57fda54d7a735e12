// What is posted and delivered: events of 1 KB, each told from all others by its number.

/** The trigger of every event. */
export const trigger = 'invoice:paid'

/** The size of a body. */
export const bodyBytes = 1024

/** Where a body's number begins. */
export const numberAt = '{"invoice":"'.length

/** How many digits it has: room for more events than a run can carry. */
export const numberDigits = 9

const zero = 0x30

const line = '{"sku":"yarn-7","name":"Merino, hand-dyed","quantity":2,"price_cents":1850},'
const start = `{"invoice":"${'0'.repeat(numberDigits)}","customer":{"name":"Ada","country":"GB"},"lines":[${line.repeat(9)}{}],`
const template = Buffer.from(`${start}"note":"${'x'.repeat(bodyBytes - start.length - '"note":""}'.length)}"}`)

const tenantDigits = 4

/** The tenant with this number. */
export const tenantNamed = (tenant) => `tenant-${String(tenant).padStart(tenantDigits, '0')}`

/** The body with this number. */
export function bodyOf(number) {
  const body = Buffer.from(template)
  writeDigits(body, numberAt, numberDigits, number)
  return body
}

/** An event's JSON as it is posted, with the number 0. */
export const postedEvent = Buffer.concat([
  Buffer.from(`{"tenant":"${tenantNamed(0)}","trigger":"${trigger}","body":`),
  template,
  Buffer.from('}'),
])

const tenantDigitsAt = postedEvent.indexOf(tenantNamed(0)) + 'tenant-'.length
const postedNumberAt = postedEvent.indexOf(template) + numberAt

/** Turns the posted event that lies at `at` into this tenant's with this number. */
export function renumber(bytes, at, { number, tenant }) {
  writeDigits(bytes, at + tenantDigitsAt, tenantDigits, tenant)
  writeDigits(bytes, at + postedNumberAt, numberDigits, number)
}

/** Reads a number of so many digits. */
export function readDigits(bytes, at, count) {
  let number = 0
  for (let place = at; place < at + count; place += 1) number = number * 10 + bytes[place] - zero
  return number
}

function writeDigits(bytes, at, count, number) {
  let rest = number
  for (let place = at + count - 1; place >= at; place -= 1) {
    bytes[place] = zero + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}
