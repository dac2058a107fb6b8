package dev.keyturn.engine.rotation;

import dev.keyturn.engine.secretmanager.SecretChain;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a rotation would do with accounts that were logged in to and surveyed, in words.
 *
 * @param chain the secret's stages
 * @param accounts its accounts
 * @param request what the rotation would be asked to do
 */
record Outlook(SecretChain chain, List<Account> accounts, RotationRequest request) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        Set<String> told = new LinkedHashSet<>();
        for (Account account : accounts) {
            if (told.add(account.key)) {
                lines.add(value(account));
            }
        }
        accounts.forEach(account -> lines.add(change(account)));
        lines.add("each new value is tried by a login of its own; then pending becomes the active value");
        return lines;
    }

    private String value(Account account) {
        Optional<String> found = account.pendingFound() ? chain.pending().flatMap(pending -> SecretFields.text(pending, account.key)) : Optional.empty();
        // As Proven.found decides: one that the target cannot hold is replaced, unless it is live.
        boolean usable = found.isPresent() && (account.target.plugin().target().passwordRules().refusal(found.get()).isEmpty()
                || accounts.stream().anyMatch(other -> other.key.equals(account.key) && other.live == Value.PENDING));
        return account.key + ": " + (usable ? "the pending value that was found is used again"
                : "a new value is made (" + switch (request.generator()) {
                    case LOCAL -> "by Keyturn";
                    case SERVICE -> "by Generate Random Secret, which a check does not try";
                    case AUTO -> "by Add Pending Stage, which a check does not try";
                } + ") and stored in the pending stage");
    }

    private static String change(Account account) {
        String where = account.label + ": on " + account.place() + " ";
        if (account.live == Value.PENDING) {
            return where + "the pending value works already; only what a killed run may have left is finished";
        }
        String who = account.target.admin().map(admin -> "the administrator changes the password of the account").orElse("the account " + account.user() + " changes its own password");
        String old = account.inUse != null ? "the active account " + account.inUse.user() + " is not touched and works until the next rotation"
                : account.overlaps() && account.live == Value.CURRENT ? "the value that is active now works until the next rotation"
                : "the old value stops at once";
        return where + who + "; " + old + (account.surplus().isPresent() ? "; the one before it, which an earlier rotation may have kept, stops" : "");
    }
}
