package dev.keyturn.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a secret a plugin reads, under which names people store them, and which options it has. Immutable.
 *
 * <p>The keys of a secret are its owner's choice. A field is found under its own name or one of its aliases, or under
 * whatever key the argument {@code fields} names.
 */
public final class TargetSchema {

    private final List<Field> fields;
    private final Map<String, String> options;

    private TargetSchema(List<Field> fields, Map<String, String> options) {
        this.fields = fields;
        this.options = options;
    }

    /**
     * A schema of these fields.
     *
     * @param fields the fields; one of them is {@link Credential#PASSWORD}
     * @return the schema
     * @throws IllegalArgumentException if a name or alias stands twice, or no field is the password
     */
    public static TargetSchema of(Field... fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            for (String name : field.names()) {
                if (!names.add(name)) {
                    throw new IllegalArgumentException("the name \"" + name + "\" stands twice in the schema");
                }
            }
        }
        TargetSchema schema = new TargetSchema(List.of(fields), Map.of());
        if (schema.field(Credential.PASSWORD).isEmpty()) {
            throw new IllegalArgumentException("the schema has no field \"" + Credential.PASSWORD + "\"");
        }
        return schema;
    }

    /**
     * The same schema with one more option.
     *
     * @param name the option's name, as in the argument {@code options}
     * @param meaning a line for people: values and default
     * @return the schema
     */
    public TargetSchema withOption(String name, String meaning) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(meaning, "meaning"));
        return new TargetSchema(fields, Collections.unmodifiableMap(more));
    }

    /**
     * All fields, in the order in which they were given.
     *
     * @return the fields
     */
    public List<Field> fields() {
        return fields;
    }

    /**
     * One field.
     *
     * @param name its name, not an alias
     * @return the field, if the schema has it
     */
    public Optional<Field> field(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /**
     * The plugin's own options, beside the common ones ({@code tls}, {@code ca}, {@code nodes}).
     *
     * @return name and meaning
     */
    public Map<String, String> options() {
        return options;
    }

    /** One field of a secret. */
    public static final class Field {

        private final List<String> names;
        private final boolean required;
        private final @Nullable String defaultValue;

        private Field(String name, String[] aliases, boolean required, @Nullable String defaultValue) {
            List<String> all = new ArrayList<>();
            all.add(Objects.requireNonNull(name, "name"));
            all.addAll(List.of(aliases));
            this.names = List.copyOf(all);
            this.required = required;
            this.defaultValue = defaultValue;
        }

        /**
         * A field that every secret must have.
         *
         * @param name its name
         * @param aliases other names under which it is found
         * @return the field
         */
        public static Field required(String name, String... aliases) {
            return new Field(name, aliases, true, null);
        }

        /**
         * A field that may be missing.
         *
         * @param name its name
         * @param aliases other names under which it is found
         * @return the field
         */
        public static Field optional(String name, String... aliases) {
            return new Field(name, aliases, false, null);
        }

        /**
         * A field that has a value even when it is missing.
         *
         * @param name its name
         * @param defaultValue the value then
         * @param aliases other names under which it is found
         * @return the field
         */
        public static Field defaulted(String name, String defaultValue, String... aliases) {
            return new Field(name, aliases, false, Objects.requireNonNull(defaultValue, "defaultValue"));
        }

        /**
         * The field's name.
         *
         * @return the name by which a {@link Credential} knows it
         */
        public String name() {
            return names.get(0);
        }

        /**
         * The name and its aliases, in that order.
         *
         * @return at least one name
         */
        public List<String> names() {
            return names;
        }

        /**
         * Whether a secret without it is an error.
         *
         * @return true if required
         */
        public boolean isRequired() {
            return required;
        }

        /**
         * Its value when the secret has none.
         *
         * @return the value, if there is one
         */
        public Optional<String> defaultValue() {
            return Optional.ofNullable(defaultValue);
        }

        @Override
        public String toString() {
            return names + (required ? " required" : defaultValue == null ? " optional" : " default " + defaultValue);
        }
    }
}
