package dev.keyturn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureV2Test {

    private static final String JOB = "/action/v1/secrets/SECRETID/jobs/JOBTOKEN";

    @ParameterizedTest
    @CsvSource({
        "POST, '', /start, HsOWI/MilkmZIIIp+b9JjZx3tuedxHwGmNdMbVXFxQQ=",
        "POST, '', /pending, I5xAy86C1tWoEIN2x1XoK1SCoDB/uVWv3++UtOjHlcw=",
        "PUT, '', /pending, t2NAmUh6YrRvAvo2pUXZ6Q+yNL7Ym3Bsly2UTfPJleQ=",
        "POST, '', /generate-random-secret, 2d+IYS08MWwxSAxIfXpHL7cX/DAFMcDCPdpbnNNwt28=",
        "POST, '', /complete, uui9YJoJKHY+aB9caOnMjUmqCiKAkBLkTHmCrTpbPbg=",
        "POST, '', /fail, rhI9UwqGFE2bjR+x5uJI6IYu1gCYGt8HqAiVSo/5i1k=",
        "POST, /secretmanager, /start, qXu0C8AHOmGbCrqq2rDSLKac9eDzxswLmgrDne+5uI4=",
        "PUT, /secretmanager, /pending, vPiStw/cL4rRbAZL5pKtC19AcyOAjsf/TbS0FhGSo5c=",
    })
    void signs_the_method_the_whole_path_and_the_timestamp(String method, String prefix, String call, String signature) {
        assertEquals(signature,
                SignatureV2.sign(method, prefix + JOB + call, "1700000000000", "TestAccessKey", "TestSecretKey"));
    }

    @ParameterizedTest
    @CsvSource("FPsYYX8fuMAgi+cue3eACOW0dNtIwu1LYWfg/megA2M=")
    void signs_the_query_as_part_of_the_path(String signature) {
        assertEquals(signature, SignatureV2.sign("GET", "/vserver/v2/getServerInstanceList?responseFormatType=json",
                "1234567890123", "TestAccessKey", "TestSecretKey"));
    }
}
