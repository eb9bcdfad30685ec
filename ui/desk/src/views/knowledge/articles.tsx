import { useQuery } from '@tanstack/react-query';
import { articlesQuery } from '../../data/queries.ts';
import { dayOf } from '../../data/times.ts';
import { Box } from '../../parts/box.tsx';
import { Table } from '../../parts/table.tsx';

export function Articles() {
  const query = useQuery(articlesQuery);
  const articles = query.data ?? [];
  return (
    <Box title="Articles" count={articles.length}>
      {query.isError && <p role="alert" className="notice bad">{query.error.message}</p>}
      {query.isSuccess && articles.length === 0 && <p className="mut">No article yet. Bring in a FAQ above.</p>}
      {articles.length > 0 && (
        <Table of="articles" columns={['Title', 'Seen by', 'Owner', 'Reviewed']}>
          {articles.map((article) => (
            <tr key={article.id}>
              <th scope="row">{article.title}</th>
              <td>
                <span className={article.audience === 'internal' ? 'tag warn' : 'tag'}>{article.audience || 'public'}</span>
              </td>
              <td>{article.owner ?? ''}</td>
              <td data-of="reviewed">{article.reviewed ? dayOf(article.reviewed) : <span className="mut">never</span>}</td>
            </tr>
          ))}
        </Table>
      )}
    </Box>
  );
}
