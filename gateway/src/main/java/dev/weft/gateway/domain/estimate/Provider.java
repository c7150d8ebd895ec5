package dev.weft.gateway.domain.estimate;

/** On what agents run, one in each. */
public enum Provider {
  FARGATE_SPOT,
  FARGATE,
  EC2_T4G_SMALL,
  EC2,
  VPS
}
