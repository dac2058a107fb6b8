package dev.keyturn.testkit.contract;

import dev.keyturn.api.RotationTarget;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A plugin that is wrong, and how the kit is to catch it.
 *
 * @param plugin the plugin
 * @param rule the rule that it breaks
 * @param says what the failure must say
 * @param also rules that cannot be kept either by a plugin that breaks this one
 * @param server the server it is run against
 * @param listed what its service file says
 */
record Specimen(RotationTarget plugin, Rule rule, String says, Set<Rule> also, LineServer.Kind server, String listed) {

    static Specimen of(RotationTarget plugin, Rule rule, String says) {
        return new Specimen(plugin, rule, says, Set.of(), LineServer.Kind.MANY_VALUES, plugin.getClass().getName());
    }

    Specimen also(Rule... rules) {
        return new Specimen(plugin, rule, says, EnumSet.copyOf(List.of(rules)), server, listed);
    }

    Specimen on(LineServer.Kind kind) {
        return new Specimen(plugin, rule, says, also, kind, listed);
    }

    Specimen listedAs(String lines) {
        return new Specimen(plugin, rule, says, also, server, lines);
    }

    @Override
    public String toString() {
        return plugin.getClass().getSimpleName() + " breaks " + rule;
    }
}
