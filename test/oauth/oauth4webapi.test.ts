import * as oauth from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import { aWorld } from '../world.ts'
import { accessWith, anOAuthClient, aVisitor, callback } from './visitor.ts'

const authentications = { ClientSecretPost: oauth.ClientSecretPost, ClientSecretBasic: oauth.ClientSecretBasic }

describe('a library that knows nothing of us', () => {
  test.each(Object.entries(authentications))(
    'completes code, PKCE, refresh and revocation by %s',
    async (_by, auth) => {
      const world = await aWorld()
      const { url } = world.server
      const { clientId, secret } = await anOAuthClient(world)
      const pat = await aVisitor(world, 'pat')
      const as: oauth.AuthorizationServer = {
        issuer: url,
        authorization_endpoint: `${url}/oauth2/authorize`,
        token_endpoint: `${url}/api/oauth2/token`,
        revocation_endpoint: `${url}/api/oauth2/token/revoke`,
      }
      const client = { client_id: clientId }
      const http = { [oauth.allowInsecureRequests]: true }

      const verifier = oauth.generateRandomCodeVerifier()
      const state = oauth.generateRandomState()
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: callback,
        response_type: 'code',
        scope: 'users',
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      await pat.open(`/oauth2/authorize?${query}`)
      const back = new URL((await pat.send('/oauth2/authorize', { decision: 'allow' })).location)

      const parameters = oauth.validateAuthResponse(as, client, back, state)
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        auth(secret),
        parameters,
        callback,
        verifier,
        http,
      )
      const first = await oauth.processAuthorizationCodeResponse(as, client, answer)
      const again = await oauth.refreshTokenGrantRequest(as, client, auth(secret), first.refresh_token ?? '', http)
      const second = await oauth.processRefreshTokenResponse(as, client, again)
      const speaksFor = await accessWith(world, second.access_token)
      const revocation = await oauth.revocationRequest(as, client, auth(secret), second.access_token, http)
      await oauth.processRevocationResponse(revocation)

      expect(first).toMatchObject({ token_type: 'bearer', expires_in: 2_678_400, scope: 'users' })
      expect(speaksFor).toMatchObject({ accountId: pat.id })
      expect(await accessWith(world, second.access_token)).toBeNull()
      const late = await oauth.refreshTokenGrantRequest(as, client, auth(secret), second.refresh_token ?? '', http)
      await expect(oauth.processRefreshTokenResponse(as, client, late)).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    },
  )
})
