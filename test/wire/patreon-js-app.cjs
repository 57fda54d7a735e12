// An app as the library's own examples write it; what it saw goes to standard output.
const { readFileSync } = require('node:fs')
const { oauth, patreon } = require('patreon')

async function main() {
  const { clientId, secret, redirectUri, creatorToken, code, campaignId } = JSON.parse(readFileSync(0, 'utf8'))
  const client = oauth(clientId, secret)
  const tokens = await client.getTokens(code, redirectUri)
  const { store, rawJson } = await patreon(tokens.access_token)('/current_user')
  const user = store.find('user', rawJson.data.id)
  const refreshed = await client.refreshToken(tokens.refresh_token)
  const again = await patreon(refreshed.access_token)('/current_user')

  const asCreator = patreon(creatorToken)
  const own = await asCreator('/current_user/campaigns')
  const campaign = own.store.find('campaign', own.rawJson.data[0].id)
  const patrons = []
  let path = `/campaigns/${campaignId}/pledges?page%5Bcount%5D=10`
  while (path !== null) {
    const page = await asCreator(path)
    patrons.push(...page.rawJson.data.map((pledge) => pledge.relationships.patron.data.id))
    const { next } = page.rawJson.links
    path = next === undefined ? null : next.split('/api/oauth2/api')[1]
  }
  const [ownPledge] = user.pledges
  return {
    tokens,
    user: plain(user),
    refreshedUser: { id: again.rawJson.data.id },
    ownPledge: { amount_cents: ownPledge.amount_cents },
    campaign: { id: campaign.id, patron_count: campaign.patron_count },
    patrons,
  }
}

const plain = ({ id, email, full_name }) => ({ id, email, full_name })

main().then(
  (seen) => process.stdout.write(`\n${JSON.stringify(seen)}\n`),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
