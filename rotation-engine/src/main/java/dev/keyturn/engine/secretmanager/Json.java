package dev.keyturn.engine.secretmanager;

import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as trees, so that fields nobody knows and the types of values survive. */
public final class Json {

    // A key that stands twice is a mistake, not a choice.
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {
    }

    /**
     * Parses any JSON.
     *
     * @param text the text
     * @return the tree, if the text is JSON and nothing else
     */
    public static Optional<JsonNode> parse(String text) {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (in.nextToken() == null) {
                return Optional.empty();
            }
            JsonNode tree = read(in);
            return in.nextToken() == null ? Optional.of(tree) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    // By hand: the mapper that could do it loads some 400 classes, which in a fresh JVM is a third of a rotation's time.

    /** The parser limits how deep this goes. */
    private static JsonNode read(JsonParser in) {
        switch (in.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = in.currentName();
                    in.nextToken();
                    object.set(name, read(in));
                }
                return object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(in));
                }
                return array;
            }
            case VALUE_STRING -> {
                return NODES.stringNode(in.getString());
            }
            case VALUE_NUMBER_INT -> {
                return switch (in.getNumberType()) {
                    case INT -> NODES.numberNode(in.getIntValue());
                    case LONG -> NODES.numberNode(in.getLongValue());
                    default -> NODES.numberNode(in.getBigIntegerValue());
                };
            }
            case VALUE_NUMBER_FLOAT -> {
                // A number of the secret must come back as it was: 1.10 is not 1.1.
                return NODES.numberNode(in.getDecimalValue());
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return NODES.booleanNode(in.getBooleanValue());
            }
            case VALUE_NULL -> {
                return NODES.nullNode();
            }
            default -> throw new StreamReadException(in, "unexpected");
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
        return NODES.objectNode();
    }

    /**
     * The tree on one line.
     *
     * @param tree a tree
     * @return JSON
     */
    public static String text(JsonNode tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(tree, out);
        }
        return text.toString();
    }

    private static void write(JsonNode tree, JsonGenerator out) {
        switch (tree.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject();
                for (Map.Entry<String, JsonNode> property : tree.properties()) {
                    out.writeName(property.getKey());
                    write(property.getValue(), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                tree.values().forEach(value -> write(value, out));
                out.writeEndArray();
            }
            case STRING -> out.writeString(tree.stringValue());
            case NUMBER -> {
                if (tree.isIntegralNumber()) {
                    out.writeNumber(tree.bigIntegerValue());
                } else {
                    out.writeNumber(tree.decimalValue());
                }
            }
            case BOOLEAN -> out.writeBoolean(tree.booleanValue());
            case NULL, MISSING, BINARY, POJO -> out.writeNull();
        }
    }

    /**
     * The tree on several lines.
     *
     * @param tree a tree
     * @return JSON
     */
    public static String pretty(JsonNode tree) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(tree);
    }
}
