package dev.weft.router.domain.replay;

/** What an hour of a worker costs, in millionths of a currency's unit. */
public record Price(long microsPerHour, String currency) {}
