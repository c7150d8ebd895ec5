package dev.weft.worker.profile;

import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.domain.WorkerProfile.Hardware;
import java.util.List;

/** Profiles as operators write them. */
public final class SampleProfiles {

  static final String GPU =
      """
      name: dgx-tokyo-01
      kind: gpu
      labels: {rack: "7"}
      location: {region: ap-northeast-1, site: "Tokyo, Japan", latency_ms: 45}
      price: {micros_per_hour: 12000000, currency: USD}
      hardware:
        memory_mb: 524288
        disk_mb: 2097152
        gpus: [{model: A100-80GB, memory_mb: 81920, count: 8}]
      queues: [planning, review]
      capabilities:
        - {name: CODING, proficiency: 0.95}
        - {name: PLANNING, proficiency: 0.9}
        - {name: REVIEWING, proficiency: 0.9}
        - {name: RESEARCH, proficiency: 0.8}
      llm_inference:
        - {model: qwen3-235b, max_context: 128000, tokens_per_second: 50, concurrent_requests: 8}
      vision_models:
        - {model: qwen2-vl-72b, supports_ocr: true, supports_image_gen: false}
      code_analysis:
        - {tool: jedi, language_support: [python, javascript, typescript]}
      """;

  static final String BROWSER =
      """
      name: browser-aws-useast-03
      kind: browser
      location: {region: us-east-1, site: "Virginia, USA", latency_ms: 12}
      hardware: {cpu_milli: 16000, memory_mb: 65536}
      capabilities:
        - {name: BROWSER_OPERATIONS, proficiency: 0.95}
        - {name: RESEARCH, proficiency: 0.85}
      browser_automation: {tool: playwright, headless: false, vnc_port: 5900, recording: true, concurrent_sessions: 4}
      network: {bandwidth_mbps: 1000, proxy_support: true, captcha_solving: true}
      network_open: true
      """;

  static final String SANDBOX =
      """
      name: sandbox-onprem-01
      kind: sandbox
      location: {region: onprem, site: on-premises DC, latency_ms: 8}
      hardware: {cpu_milli: 64000, memory_mb: 262144}
      capabilities:
        - {name: SHELL_OPERATIONS, proficiency: 0.98}
        - {name: TESTING, proficiency: 0.9}
        - {name: FILE_OPERATIONS, proficiency: 0.95}
      virtualization: {platform: firecracker, concurrent_vms: 32, boot_time_ms: 125, snapshot_support: true}
      isolation: {network: true, filesystem: true}
      limits: {max_memory_mb: 2048, max_vcpu: 2, max_disk_mb: 10240}
      executors: {shell: 8}
      queues: [execution, default]
      """;

  private SampleProfiles() {}

  public static WorkerProfile sandbox() {
    return reader(SandboxLevel.BUBBLEWRAP).parse(SANDBOX);
  }

  static ProfileReader reader(SandboxLevel level, String... queues) {
    return new ProfileReader(
        new ProfileReader.Machine(
            new Hardware(2000, 4L << 30, 20L << 30, List.of()),
            new ProfileReader.Probed(level, LimitsScope.TREE),
            "1.2.3"),
        List.of(queues));
  }
}
