/** Interrupt lines: pending, masked, nested on the thread of their CPU, ended. */
import type { Context, Processor } from "./context.ts";
import { refresh } from "./enabled.ts";
import type { Execution } from "./execution.ts";
import { Op, packOp } from "./operation.ts";

/** Makes a line pending: its handler may begin when nothing is nested and the CPU is not masked. */
export function raiseLine(x: Execution, line: Context): void {
  const cpu = line.cpu;
  if (cpu === null) return;
  x.touch(line);
  const bit = bitOf(cpu, line);
  if ((cpu.raised & bit) !== 0) return;
  cpu.raised |= bit;
  if (cpu.nested !== line) refresh(x, line);
}

/** Withdraws a pending line (its work was done by somebody else). */
export function lowerLine(x: Execution, line: Context): void {
  const cpu = line.cpu;
  if (cpu === null) return;
  x.touch(line);
  cpu.raised &= ~bitOf(cpu, line);
  if (cpu.nested !== line) refresh(x, line);
}

/** Opens or closes the CPU for interrupts. */
export function maskCpu(x: Execution, cpu: Processor, masked: boolean): void {
  if (cpu.masked === masked) return;
  cpu.masked = masked;
  if (cpu.raised !== 0) for (const line of cpu.lines) refresh(x, line);
}

/** The handler of a pending line begins on top of the thread. */
export function beginLine(x: Execution, line: Context): void {
  const cpu = line.cpu as Processor;
  cpu.raised &= ~bitOf(cpu, line);
  cpu.nested = line;
  line.life = "live";
  line.pendingAt = x.recording.append(line.pending);
  line.routine = line.body();
  refreshCpu(x, cpu);
}

/** The handler of a line has ended: the thread goes on, or the CPU asks for one. */
export function endLine(x: Execution, line: Context, cpu: Processor): void {
  x.recording.append(packOp(Op.End, cpu.object));
  cpu.nested = null;
  line.routine = null;
  line.life = "new";
  line.pending = packOp(Op.Begin, cpu.object);
  if (cpu.thread === null && cpu.dispatch !== null) x.setThread(cpu, cpu.dispatch());
  refreshCpu(x, cpu);
}

function refreshCpu(x: Execution, cpu: Processor): void {
  for (const line of cpu.lines) refresh(x, line);
  if (cpu.thread !== null) refresh(x, cpu.thread);
}

const bitOf = (cpu: Processor, line: Context): number => 1 << cpu.lines.indexOf(line);
