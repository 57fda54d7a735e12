import { aSqlitePlace } from '../store/place.ts'
import { journalSuite } from './journal-suite.ts'

journalSuite('SQLite', aSqlitePlace)
