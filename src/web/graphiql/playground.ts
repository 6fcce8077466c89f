// The playground: GraphiQL for this gateway, without any file from elsewhere. In development a menu
// chooses the demo user whose token is sent; an Authorization header in the headers editor takes
// precedence.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './playground.css';
import { GraphiQL } from 'graphiql';
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { DEMO_USERS, tokenOf } from '../demo-users.ts';
import { exampleTabs } from './examples.ts';

let user: string = DEMO_USERS[0];

interface GraphQLRequest {
  readonly query: string;
  readonly operationName?: string | null;
}

/** After a change of tabs GraphiQL still names the operation of the previous tab for a moment. */
function named({ operationName = null, ...asked }: GraphQLRequest): GraphQLRequest {
  const isThere = operationName !== null && new RegExp(`\\b${operationName}\\b`).test(asked.query);
  return isThere ? { ...asked, operationName } : asked;
}

async function fetcher(request: GraphQLRequest, { headers = {} }: { headers?: Record<string, string> } = {}) {
  const token = await tokenOf(user);
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(named(request)),
  });
  return response.json();
}

function UserMenu() {
  const [chosen, choose] = useState(user);
  const onChange = ({ target }: { target: { value: string } }) => {
    user = target.value;
    choose(user);
  };
  const options = DEMO_USERS.map((name) => createElement('option', { key: name, value: name }, name));
  const menu = createElement('select', { value: chosen, onChange }, ...options);
  return createElement('label', { className: 'user-menu' }, 'Signed in as ', menu);
}

function Playground({ hasUsers }: { hasUsers: boolean }) {
  const logo = createElement(GraphiQL.Logo, null, hasUsers ? createElement(UserMenu) : 'Calendar API');
  const tabs = exampleTabs(new Date());
  // GraphiQL reads the first tab's variables from here only.
  const props = { fetcher, defaultTabs: tabs, initialVariables: tabs[0]?.variables ?? '' };
  return createElement(GraphiQL, props, logo);
}

const hasUsers = (await tokenOf(user)) !== null;
createRoot(document.getElementById('playground') as HTMLElement).render(createElement(Playground, { hasUsers }));
