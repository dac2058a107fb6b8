/** Rotates the tokens of Acme's HTTP API. {@link com.example.acme.AcmeTarget} is all that others see of it. */
@NullMarked
package com.example.acme;

import org.jspecify.annotations.NullMarked;
