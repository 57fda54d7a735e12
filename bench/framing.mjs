// Cuts a stream of HTTP/1.1 messages that carry Content-Length. It understands nothing else, and so it is cheap: the
// harness must not take the processor away from what it measures.

const headEnd = Buffer.from('\r\n\r\n')
const lengthName = Buffer.from('ength: ')
const [zero, nine] = [0x30, 0x39]

/** Calls `take(bytes, start, bodyStart, end)` for each whole message; returns what takes the stream's chunks. */
export function messages(take) {
  let rest = null
  return (chunk) => {
    const bytes = rest === null ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (at < bytes.length) {
      const head = bytes.indexOf(headEnd, at)
      if (head === -1) break
      const bodyStart = head + headEnd.length
      const end = bodyStart + lengthIn(bytes, at, head)
      if (end > bytes.length) break
      take(bytes, at, bodyStart, end)
      at = end
    }
    rest = at < bytes.length ? bytes.subarray(at) : null
  }
}

function lengthIn(bytes, start, head) {
  const found = bytes.indexOf(lengthName, start)
  if (found === -1 || found > head) throw new Error(`no length: ${bytes.toString('latin1', start, head)}`)
  let length = 0
  for (let at = found + lengthName.length; bytes[at] >= zero && bytes[at] <= nine; at += 1) {
    length = length * 10 + bytes[at] - zero
  }
  return length
}
