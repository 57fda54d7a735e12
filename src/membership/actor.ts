/** Who acts: operators may act for everybody, everybody else for themselves. */
export type Actor = { accountId: string; isOperator: boolean }
