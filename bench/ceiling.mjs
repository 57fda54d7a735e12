// What the harness itself can do: requests that are answered and nothing else.
import { loads } from './works.mjs'

/** Events a second, posted one by one and in batches. */
export async function measureCeiling({ generator, plain }, seconds) {
  const rates = {}
  for (const [name, { path, ...load }] of Object.entries({ single: loads.single, batches: loads.batches })) {
    const door = { url: plain, path, authorization: 'none' }
    const posted = { ...load, window: undefined, scene: { name: 'turns' }, door, seconds }
    const { accepted } = await generator.ask('post', posted)
    rates[name] = accepted / seconds
  }
  return rates
}
