import * as vscode from 'vscode';
import type { StepRowState } from '../../domain/pipeline/overview';

/** Seconds for a person: `0.4 s`, `12 s`, `1 m 35 s`, `2 h 05 m`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return vscode.l10n.t('{0} s', seconds.toFixed(1));
  const whole = Math.round(seconds);
  if (whole < 60) return vscode.l10n.t('{0} s', whole);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return vscode.l10n.t('{0} m {1} s', minutes, twoDigits(whole % 60));
  return vscode.l10n.t('{0} h {1} m', Math.floor(minutes / 60), twoDigits(minutes % 60));
}

/** A state in words, for the hover and for screen readers: both cannot see the icon. */
export function stateWord(state: StepRowState): string {
  switch (state) {
    case 'done':
      return vscode.l10n.t('done');
    case 'outdated':
      return vscode.l10n.t('out of date');
    case 'ready':
      return vscode.l10n.t('not made yet');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'running':
      return vscode.l10n.t('running');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'cancelled':
      return vscode.l10n.t('cancelled');
    case 'idle':
      return vscode.l10n.t('nothing to do');
  }
}

/** 0 to 1 as `57 %`. */
export function percent(fraction: number): string {
  return vscode.l10n.t('{0} %', Math.floor(Math.min(1, Math.max(0, fraction)) * 100));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
