import { useQuery } from '@tanstack/react-query';
import { articlesQuery } from '../../data/queries.ts';
import { dayOf } from '../../data/times.ts';

export function Articles() {
  const query = useQuery(articlesQuery);
  const articles = query.data ?? [];
  return (
    <section className="box" aria-labelledby="articles-title">
      <h2 id="articles-title">
        Articles <span className="mut">{articles.length}</span>
      </h2>
      {query.isError && <p role="alert" className="notice bad">{query.error.message}</p>}
      {query.isSuccess && articles.length === 0 && <p className="mut">No article yet. Bring in a FAQ above.</p>}
      {articles.length > 0 && (
        <div className="table-box" tabIndex={0} role="region" aria-label="Table of articles">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Title</th>
                <th scope="col">Seen by</th>
                <th scope="col">Owner</th>
                <th scope="col">Reviewed</th>
              </tr>
            </thead>
            <tbody>
              {articles.map((article) => (
                <tr key={article.id}>
                  <th scope="row">{article.title}</th>
                  <td>
                    <span className={article.audience === 'internal' ? 'tag warn' : 'tag'}>{article.audience || 'public'}</span>
                  </td>
                  <td>{article.owner ?? ''}</td>
                  <td>{article.reviewed ? dayOf(article.reviewed) : <span className="mut">never</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
