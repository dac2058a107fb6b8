package dev.keyturn.engine.secretmanager;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as trees, so that fields nobody knows and the types of values survive. */
public final class Json {

    // A number of the secret must come back as it was: 1.10 is not 1.1. A key that stands twice is a mistake, not a choice.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {
    }

    /**
     * Parses any JSON.
     *
     * @param text the text
     * @return the tree, if the text is JSON and nothing else
     */
    public static Optional<JsonNode> parse(String text) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /**
     * Parses a JSON object.
     *
     * @param text the text
     * @return the tree, if the text is a JSON object and nothing else
     */
    public static Optional<ObjectNode> object(String text) {
        return parse(text).filter(JsonNode::isObject).map(ObjectNode.class::cast);
    }

    /**
     * A new, empty object.
     *
     * @return the object
     */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * The tree on one line.
     *
     * @param tree a tree
     * @return JSON
     */
    public static String text(JsonNode tree) {
        return MAPPER.writeValueAsString(tree);
    }

    /**
     * The tree on several lines.
     *
     * @param tree a tree
     * @return JSON
     */
    public static String pretty(JsonNode tree) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
    }
}
