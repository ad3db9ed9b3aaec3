// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import org.junit.jupiter.api.Nested;

/** What every ledger is held to. A subclass says how one is opened. */
public abstract class LedgerContract {
    /** Opens the storage of this test, which is new for each test; again, after a close, the same. */
    protected abstract Ledger open() throws Exception;

    @Nested
    class Claiming extends ClaimsContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }

    @Nested
    class Committing extends CommitContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }

    @Nested
    class Logging extends ChangeLogContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }

    @Nested
    class Listing extends ListingContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }

    @Nested
    class Keeping extends PayloadsContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }

    @Nested
    class Answering extends AnswersContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }

    @Nested
    class Naming extends DirectoryContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }

    @Nested
    class Reopening extends ReopenContract {
        @Override
        Ledger open() throws Exception {
            return LedgerContract.this.open();
        }
    }
}
