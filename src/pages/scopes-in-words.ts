import type { OAuthScope } from '../domain/oauth-scope.ts'

/** What a scope lets a client do, as the person reads it who is asked for it. */
export const scopeInWords: Record<OAuthScope, string> = {
  users: 'see your name, your e-mail address and the rest of your profile',
  'pledges-to-me': 'see what you pledge to its creator',
  'my-campaign': 'see your campaign and its tiers',
  campaigns: 'see your campaigns and their tiers',
  pledges: 'see who pledges to you, with e-mail and postal addresses',
  identity: 'see your name and your public profile',
  'identity[email]': 'see your e-mail address',
  'identity.memberships': 'see whose patron you are',
  'w:campaigns.webhook': 'be told by webhooks what happens in your campaigns',
  'campaigns.members': 'see the members of your campaigns',
  'campaigns.members[email]': 'see your members’ e-mail addresses',
  'campaigns.members.address': 'see your members’ postal addresses',
  'campaigns.posts': 'see the posts of your campaigns',
  'w:identity.clients': 'make and delete apps of yours, which may then do everything in your name',
}
