package dev.keyturn.testkit;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as trees. Strict: no double keys, nothing after the document. Numbers keep every digit. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /**
     * Reads an object.
     *
     * @param what names the text in the refusal
     * @throws Refusal if the text is not one JSON object. The parser's message stays here: it may quote the text
     */
    static ObjectNode read(String text, String what) throws Refusal {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new Refusal(ApiError.INVALID_REQUEST, what + " is not JSON");
        }
        throw new Refusal(ApiError.INVALID_REQUEST, what + " is not a JSON object");
    }
}
