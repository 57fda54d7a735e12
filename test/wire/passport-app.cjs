// The strategy as passport drives it: without a code it redirects, with one it finds the profile.
const { Strategy } = require('passport-patreon')

const verify = (_accessToken, _refreshToken, profile, done) => done(null, profile)

process.on('message', ({ query }) => {
  const strategy = new Strategy(JSON.parse(process.env.STRATEGY), verify)
  const tell = (told) => process.send(told)
  strategy.redirect = (redirect) => tell({ redirect })
  strategy.success = ({ provider, id, name, avatar }) => tell({ profile: { provider, id, name, avatar } })
  strategy.fail = (challenge) => tell({ error: `failed: ${JSON.stringify(challenge)}` })
  strategy.error = (error) => tell({ error: `${error.message} ${JSON.stringify(error.oauthError ?? null)}` })
  strategy.authenticate({ query, headers: {}, session: {} }, {})
})
