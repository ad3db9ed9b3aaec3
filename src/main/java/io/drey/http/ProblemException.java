// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

/**
 * Carries a {@link Problem} from where it is found to where the answer is written. It has no stack trace: it is an
 * answer.
 */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.type().id() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
