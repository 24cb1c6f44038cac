export * from '../../scripts/chromium/launch.ts';
