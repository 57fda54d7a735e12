import { journalSuite } from '../journal/journal-suite.ts'
import { storeSuite } from '../store/store-suite.ts'
import { aModelPlace } from './calm.ts'

// The model that the simulation runs on keeps the promises that the real stores keep.
storeSuite('the model', aModelPlace)
journalSuite('the model', aModelPlace)
