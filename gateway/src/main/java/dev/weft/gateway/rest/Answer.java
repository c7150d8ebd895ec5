package dev.weft.gateway.rest;

import com.google.protobuf.Message;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The message of the contract that a resource method answers with, for its description. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Answer {

  Class<? extends Message> value();

  /** Of success. */
  int status() default 200;
}
