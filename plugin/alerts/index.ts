/** Alerts by rules: off unless there is one. docs/alerts.md */
export { alertRule, alertRules, type CheckedRule } from './rules.ts';
export { RoomAlerts } from './RoomAlerts.ts';
