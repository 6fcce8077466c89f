// The features of Apollo Server that are disabled in every server here.
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';

/**
 * No cache-control headers, no traces (unless `trace`), no landing page, no reports to the vendor.
 */
export function disabledPlugins({ trace = false } = {}): readonly ApolloServerPlugin[] {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ...(trace ? [] : [ApolloServerPluginInlineTraceDisabled()]),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ];
}
