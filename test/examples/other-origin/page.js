// A page of another origin that asks the gateway with Apollo Client, urql and Relay. The test calls
// these functions; each answers what its client has got.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { persistedExchange } from '@urql/exchange-persisted';
import { createOperationDescriptor, Environment, fetchQuery, Network, RecordSource, Store } from 'relay-runtime';
import AGENDA_EVENT from './__generated__/agendaEventQuery.graphql.js';
import AGENDA_PAGE from './__generated__/agendaPageQuery.graphql.js';
import AGENDA from './__generated__/agendaQuery.graphql.js';
import { cacheOptions } from './apollo-client.ts';
import possibleTypes from './possibleTypes.json';
import { MyPageDocument } from './typed-documents.generated.ts';
import { KEYS } from './urql-graphcache.ts';

const authorised = (token) => ({ authorization: `Bearer ${token}` });

async function sha256(text) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

window.clients = {
  /** The answers to the documents, one after the other, by automatic persisted queries. */
  async apollo({ url, token, documents, variables }) {
    const http = new HttpLink({ uri: `${url}/graphql`, headers: authorised(token) });
    const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
    const client = new ApolloClient({
      link: ApolloLink.from([persisted, http]),
      cache: new InMemoryCache(cacheOptions(possibleTypes)),
    });
    const answers = [];
    for (const document of documents) answers.push((await client.query({ query: gql(document), variables })).data);
    return answers;
  },

  /** My Page's month, by the document that GraphQL Code Generator has made of it. */
  async codegen({ url, token, variables }) {
    const link = new HttpLink({ uri: `${url}/graphql`, headers: authorised(token) });
    const client = new ApolloClient({ link, cache: new InMemoryCache(cacheOptions(possibleTypes)) });
    return (await client.query({ query: MyPageDocument, variables })).data;
  },

  /** As `apollo`. urql would send a text with GET, too, after it was told that an id is unknown. */
  async urql({ url, token, documents, variables, isAllPersisted }) {
    const client = new Client({
      url: `${url}/graphql`,
      exchanges: [
        cacheExchange({ keys: KEYS }),
        persistedExchange({ preferGetForPersistedQueries: isAllPersisted, generateHash: (text) => sha256(text) }),
        fetchExchange,
      ],
      fetchOptions: { headers: authorised(token) },
      preferGetMethod: false,
    });
    const answers = [];
    for (const document of documents) {
      const { data, error } = await client.query(document, variables).toPromise();
      if (error) throw error;
      answers.push(data);
    }
    return answers;
  },

  /** The first page, the second by `node(id:)`, and the first event again, likewise. */
  async relay({ url, token }) {
    const ask = async ({ text }, variables) => {
      const headers = { ...authorised(token), 'content-type': 'application/json' };
      const body = JSON.stringify({ query: text, variables });
      return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
    };
    const store = new Store(new RecordSource());
    const environment = new Environment({ network: Network.create(ask), store });
    const read = async (query, variables) => {
      environment.retain(createOperationDescriptor(query, variables));
      await fetchQuery(environment, query, variables).toPromise();
      return store.getSource().toJSON();
    };
    const first = await read(AGENDA, {});
    const { id } = Object.values(first).find((record) => record.__typename === 'User');
    const connection = (records) => records[`client:${id}:__agenda_upcoming_connection`];
    const { endCursor } = first[connection(first).pageInfo.__ref];
    const all = await read(AGENDA_PAGE, { id, first: 2, after: endCursor });
    const nodes = connection(all).edges.__refs.map((edge) => all[all[edge].node.__ref]);
    const again = await read(AGENDA_EVENT, { id: nodes[0].id });
    return { titles: nodes.map(({ title }) => title), event: again[nodes[0].id] };
  },

  /** The first event of the stream of changes. */
  async live({ url, token }) {
    const { body } = await fetch(`${url}/live`, { headers: authorised(token) });
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('event: change')) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`the stream ended: ${text}`);
      text += value;
      window.isListening = true;
    }
    await reader.cancel();
    return text;
  },
};
