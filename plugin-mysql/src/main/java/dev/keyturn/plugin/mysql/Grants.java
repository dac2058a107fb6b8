package dev.keyturn.plugin.mysql;

import java.util.List;

/**
 * What an account may do, as {@code SHOW GRANTS} has it.
 *
 * @param lines one for each scope
 */
record Grants(List<String> lines) {

    static final String QUESTION = "SHOW GRANTS";
    private static final String WITH_GRANT_OPTION = " WITH GRANT OPTION";

    static Grants of(List<List<String>> rows) {
        return new Grants(rows.stream().map(row -> row.get(0)).toList());
    }

    /** Whether a privilege is granted in one of these scopes. */
    boolean include(String privilege, String... scopes) {
        for (String grant : lines) {
            for (String scope : scopes) {
                int on = grant.indexOf(" ON " + scope + " TO ");
                if (on > 0 && grant.startsWith("GRANT ")) {
                    List<String> privileges = List.of(grant.substring("GRANT ".length(), on).split(", "));
                    if (privileges.contains(privilege) || privileges.contains("ALL PRIVILEGES")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Without the user's name, and without the password hash that MariaDB shows behind it. */
    List<String> withoutName(String user) {
        String to = " TO `" + user.replace("`", "``") + "`@";
        return lines.stream().filter(grant -> grant.contains(to)).map(grant -> grant.substring(0, grant.lastIndexOf(to))
                + (grant.endsWith(WITH_GRANT_OPTION) ? WITH_GRANT_OPTION : "")).toList();
    }
}
