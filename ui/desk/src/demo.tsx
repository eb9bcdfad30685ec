import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { newClient } from './data/client.ts';
import './styles/all.css';
import './styles/demo.css';
import { DemoPage } from './views/demo/demo-page.tsx';

const client = newClient();

createRoot(document.getElementById('demo')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <DemoPage />
    </QueryClientProvider>
  </StrictMode>,
);
