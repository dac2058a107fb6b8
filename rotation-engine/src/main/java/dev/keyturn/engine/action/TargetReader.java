package dev.keyturn.engine.action;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.plugin.Plugin;
import dev.keyturn.engine.plugin.Plugins;
import dev.keyturn.engine.rotation.NewValue;
import dev.keyturn.engine.rotation.RotationRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How one rotating key is treated: what stands under its name in {@code targets}, and the top level for what does not. */
final class TargetReader {

    private static final Set<String> NAMES = Set.of("targetType", "fields", "password", "options", "admin", "overlap", "secondAccount");
    private static final Set<String> COMMON_OPTIONS = Set.of("tls", "ca", "nodes");

    private final ArgumentReader own;
    private final ArgumentReader top;
    private final Plugins plugins;

    TargetReader(ArgumentReader own, ArgumentReader top, Plugins plugins) {
        this.own = own;
        this.top = top;
        this.plugins = plugins;
    }

    RotationRequest.Target read() throws Failure {
        if (own != top) {
            own.onlyKnown(NAMES);
        }
        Plugin plugin = plugins.find(at("targetType").text("targetType").orElse(null));
        TargetSchema schema = plugin.target().schema();
        ArgumentReader options = at("options").object("options");
        options.onlyKnown(union(COMMON_OPTIONS, schema.options().keySet()));
        Map<String, String> pluginOptions = new LinkedHashMap<>(at("options").map("options"));
        pluginOptions.keySet().retainAll(schema.options().keySet());
        ArgumentReader password = at("password").object("password");
        password.onlyKnown(Set.of("length", "excludeCharacters"));
        Integer length = password.has("length") ? (Integer) password.integer("length", 1, 1_000, 1) : null;
        String exclude = password.text("excludeCharacters").orElse("");
        Optional<String> impossible = NewValue.impossible(plugin.target().passwordRules(), length, exclude);
        if (impossible.isPresent()) {
            throw new Failure(ErrorCode.ARGUMENT_WRONG, Step.ARGUMENTS,
                    "argument \"password\": no value for " + plugin.type() + " can be made, " + impossible.get());
        }
        return new RotationRequest.Target(plugin, fields(schema), length, exclude, tls(options), pluginOptions, nodes(options), admin(),
                at("overlap").choice("overlap", RotationRequest.Overlap.class, RotationRequest.Overlap.AUTO), secondAccount());
    }

    private ArgumentReader at(String name) {
        return own.has(name) ? own : top;
    }

    private Map<String, String> fields(TargetSchema schema) throws Failure {
        ArgumentReader reader = at("fields").object("fields");
        reader.onlyKnown(schema.fields().stream().map(TargetSchema.Field::name).toList());
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : reader.names()) {
            reader.text(name).ifPresent(key -> fields.put(name, key));
        }
        return fields;
    }

    private static TlsSettings tls(ArgumentReader options) throws Failure {
        TlsSettings tls = TlsSettings.named(options.text("tls").orElse("verify"))
                .orElseThrow(() -> options.wrong("tls", "\"verify\", \"required\" or \"off\""));
        Optional<String> ca = options.text("ca");
        TlsSettings settings = ca.map(tls::withCa).orElse(tls);
        if (ca.isPresent()) {
            try {
                TlsSettings.verify().withCa(ca.get()).sslContext();
            } catch (TargetException e) {
                throw options.wrong("ca", "PEM text of an X.509 certificate, line breaks included");
            }
        }
        return settings;
    }

    private static List<RotationRequest.Node> nodes(ArgumentReader options) throws Failure {
        List<RotationRequest.Node> nodes = new ArrayList<>();
        for (String text : options.texts("nodes")) {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
            Credential address = Credential.of(Map.of(Credential.HOST, host, Credential.PORT, text.substring(colon + 1)));
            try {
                nodes.add(new RotationRequest.Node(address.host(), address.port()));
            } catch (TargetException e) {
                throw options.wrong("nodes", "a list of \"host:port\"");
            }
        }
        if (new LinkedHashSet<>(nodes).size() != nodes.size()) {
            throw options.wrong("nodes", "each node once");
        }
        return nodes;
    }

    private Optional<RotationRequest.Admin> admin() throws Failure {
        if (!at("admin").has("admin")) {
            return Optional.empty();
        }
        ArgumentReader reader = at("admin").object("admin");
        reader.onlyKnown(Set.of("user", "password", "hosts", "reset"));
        List<String> hosts = reader.texts("hosts");
        if (hosts.isEmpty()) {
            throw reader.wrong("hosts", "a list of the hosts that the administrator's password may go to");
        }
        return Optional.of(new RotationRequest.Admin(required(reader, "user"), required(reader, "password"), hosts, reader.flag("reset")));
    }

    private Optional<RotationRequest.SecondAccount> secondAccount() throws Failure {
        if (!at("secondAccount").has("secondAccount")) {
            return Optional.empty();
        }
        ArgumentReader reader = at("secondAccount").object("secondAccount");
        reader.onlyKnown(Set.of("user", "password"));
        Optional<String> password = reader.text("password").filter(text -> !text.isEmpty());
        if (password.isEmpty() && !at("admin").has("admin")) {
            throw reader.wrong("password", "a text, unless \"admin\" is given and sets one");
        }
        return Optional.of(new RotationRequest.SecondAccount(required(reader, "user"), password));
    }

    private static String required(ArgumentReader reader, String name) throws Failure {
        return reader.text(name).filter(text -> !text.isEmpty()).orElseThrow(() -> reader.wrong(name, "a text"));
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> all = new LinkedHashSet<>(a);
        all.addAll(b);
        return all;
    }
}
