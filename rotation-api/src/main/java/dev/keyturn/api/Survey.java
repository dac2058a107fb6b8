package dev.keyturn.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a session found out about the account that is to change. Immutable. */
public final class Survey {

    private static final Survey EMPTY = new Survey(false, Set.of(), List.of());

    private final boolean overlap;
    private final Set<String> rights;
    private final List<String> warnings;

    private Survey(boolean overlap, Set<String> rights, List<String> warnings) {
        this.overlap = overlap;
        this.rights = rights;
        this.warnings = warnings;
    }

    /**
     * Nothing special: one value at a time, rights not told, no warning.
     *
     * @return the survey
     */
    public static Survey empty() {
        return EMPTY;
    }

    /**
     * The same, and the account can have two passwords that work at the same time, here and with this session's rights.
     *
     * @return the survey
     */
    public Survey withOverlap() {
        return new Survey(true, rights, warnings);
    }

    /**
     * The same, with what the account may do. The engine only asks whether one account's set contains another's.
     *
     * @param rights opaque texts without the account's name
     * @return the survey
     */
    public Survey withRights(Collection<String> rights) {
        return new Survey(overlap, Set.copyOf(rights), warnings);
    }

    /**
     * The same, with something that an operator should know although the rotation goes on.
     *
     * @param warning a sentence, no secret
     * @return the survey
     */
    public Survey withWarning(String warning) {
        List<String> more = new ArrayList<>(warnings);
        more.add(warning);
        return new Survey(overlap, rights, List.copyOf(more));
    }

    /**
     * Whether two passwords can work at the same time.
     *
     * @return true if {@link Change#keepFrom()} can be asked for
     */
    public boolean overlap() {
        return overlap;
    }

    /**
     * What the account may do.
     *
     * @return opaque texts; empty where the server does not tell
     */
    public Set<String> rights() {
        return rights;
    }

    /**
     * What an operator should know.
     *
     * @return sentences, maybe none
     */
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public String toString() {
        return "Survey[overlap=" + overlap + ", rights=" + new TreeSet<>(rights) + ", warnings=" + warnings + "]";
    }
}
