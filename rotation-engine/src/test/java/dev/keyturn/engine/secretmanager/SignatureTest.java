package dev.keyturn.engine.secretmanager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureTest {

    /** The first is a known pair of another client; the others were computed with openssl. */
    @ParameterizedTest
    @CsvSource({
        "GET, /vserver/v2/getServerInstanceList?responseFormatType=json, 1234567890123, FPsYYX8fuMAgi+cue3eACOW0dNtIwu1LYWfg/megA2M=",
        "POST, /action/v1/secrets/SECRETID/jobs/JOBTOKEN/start, 1700000000000, HsOWI/MilkmZIIIp+b9JjZx3tuedxHwGmNdMbVXFxQQ=",
        "PUT, /action/v1/secrets/SECRETID/jobs/JOBTOKEN/pending, 1700000000000, t2NAmUh6YrRvAvo2pUXZ6Q+yNL7Ym3Bsly2UTfPJleQ=",
        "POST, /secretmanager/action/v1/secrets/SECRETID/jobs/JOBTOKEN/start, 1700000000000, qXu0C8AHOmGbCrqq2rDSLKac9eDzxswLmgrDne+5uI4=",
        "PUT, /secretmanager/action/v1/secrets/SECRETID/jobs/JOBTOKEN/pending, 1700000000000, vPiStw/cL4rRbAZL5pKtC19AcyOAjsf/TbS0FhGSo5c="})
    void signsMethodPathTimeAndKey(String method, String path, String timestamp, String signature) {
        assertEquals(signature, Signature.of(method, path, timestamp, "TestAccessKey", "TestSecretKey"));
    }

    @Test
    void theEndpointsPathIsPartOfTheAddressAndSoOfTheSignature() {
        JobAddress address = new JobAddress(URI.create("https://ocapi-kr.ncloud.com/secretmanager"), "SECRETID", "JOBTOKEN");
        assertEquals("/secretmanager/action/v1/secrets/SECRETID/jobs/JOBTOKEN/start", address.job("start").getRawPath());
        assertEquals("/secretmanager/api/v1/secrets/SECRETID/values", address.values().getRawPath());
    }

    @Test
    void r8_anAddressShowsOnlyTheBeginningOfTheToken() {
        JobAddress address = new JobAddress(JobAddress.DEFAULT_ENDPOINT, "SECRETID", "0123456789abcdef");
        assertEquals("secret SECRETID, job 01234567, https://secretmanager.apigw.ntruss.com", address.toString());
    }
}
