import { aSqlitePlace } from './place.ts'
import { storeSuite } from './store-suite.ts'

storeSuite('SQLite', aSqlitePlace)
